package flotilla.ops.probe;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS of one client, with one session cache. It takes any certificate, because what is wrong with that is said by
 * another step.
 */
final class TlsClient {
    private static final String TICKETS = "jdk.tls.client.enableSessionTicketExtension";

    private final Witness witness = new Witness();
    private final SSLContext context;
    private final String host;
    private final List<String> versions;

    /**
     * A connection with TLS.
     *
     * @param isResumed whether the handshake resumed a session
     * @param certificates what the server sent, its own first; empty when a session was resumed
     * @param hello the server's answer; empty when it could not be read
     */
    record Secured(
            SSLSocket socket, boolean isResumed, List<X509Certificate> certificates, Optional<ServerHello> hello) {}

    /**
     * Makes a client without sessions.
     *
     * @param versions versions of TLS in the JDK's words; empty for the JDK's choice
     */
    TlsClient(String host, List<String> versions) {
        this(host, versions, true);
    }

    private TlsClient(String host, List<String> versions, boolean hasTickets) {
        this.host = host;
        this.versions = versions;
        try {
            context = hasTickets ? SSLContext.getInstance("TLS") : withoutTickets();
            context.init(null, new TrustManager[] {witness}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes a client of TLS 1.2 that resumes by session ids only (RFC 5246). The JDK throws tickets away that live
     * longer than a week, as those of vsftpd.
     */
    static TlsClient byIds(String host) {
        return new TlsClient(host, List.of("TLSv1.2"), false);
    }

    /** The JDK reads the property when it makes a context. */
    private static SSLContext withoutTickets() throws GeneralSecurityException {
        String before = System.getProperty(TICKETS);
        System.setProperty(TICKETS, "false");
        try {
            return SSLContext.getInstance("TLS");
        } finally {
            if (before == null) {
                System.clearProperty(TICKETS);
            } else {
                System.setProperty(TICKETS, before);
            }
        }
    }

    /**
     * Shakes hands over a TCP connection.
     *
     * @param port the port of the control connection, by which the JDK finds the session to resume
     */
    Secured handshake(Socket tcp, int port) throws IOException {
        witness.seen = List.of();
        MaskedSocket masked = new MaskedSocket(tcp, port);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(masked, host, port, true);
        if (!versions.isEmpty()) {
            socket.setEnabledProtocols(versions.toArray(String[]::new));
        }
        socket.startHandshake();
        List<X509Certificate> seen = witness.seen;
        return new Secured(socket, seen.isEmpty(), seen, ServerHello.read(masked.received()));
    }

    /** Sees the server's certificates, which a handshake sends unless it resumes a session. */
    private static final class Witness extends X509ExtendedTrustManager {
        private List<X509Certificate> seen = List.of();

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
            seen = List.of(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
            seen = List.of(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            seen = List.of(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
