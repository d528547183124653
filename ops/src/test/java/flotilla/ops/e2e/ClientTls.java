package flotilla.ops.e2e;

import flotilla.ops.probe.MaskedSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS of one client: one context, and so one session cache. The JDK finds a session by host and port of the socket. So
 * a data connection that reports the port of the control connection resumes its session.
 */
public final class ClientTls {
    private final SSLContext context;
    private final List<String> versions;
    private final List<String> protocols;
    private final Optional<String> serverName;

    private ClientTls(SSLContext context, List<String> versions, List<String> protocols, Optional<String> serverName) {
        this.context = context;
        this.versions = versions;
        this.protocols = protocols;
        this.serverName = serverName;
    }

    /** A client that trusts {@code certificates} and offers these versions of TLS. */
    public static ClientTls trusting(Path certificates, String... versions) {
        return create(certificates, null, versions);
    }

    /** A client with a certificate of its own, in a PKCS#12 file with the password "secret". */
    public static ClientTls withCertificate(Path certificates, Path ownPkcs12, String... versions) {
        return create(certificates, ownPkcs12, versions);
    }

    private static ClientTls create(Path certificates, Path ownPkcs12, String... versions) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            String pem = Files.readString(certificates);
            int begin = pem.indexOf("-----BEGIN CERTIFICATE");
            int end = pem.lastIndexOf("-----END CERTIFICATE-----");
            String only = pem.substring(begin, end) + "-----END CERTIFICATE-----\n";
            try (InputStream in =
                    new java.io.ByteArrayInputStream(only.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    trusted.setCertificateEntry("ca" + number++, certificate);
                }
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(ownPkcs12 == null ? null : keys(ownPkcs12), trust.getTrustManagers(), null);
            List<String> chosen = versions.length == 0 ? List.of("TLSv1.2", "TLSv1.3") : List.of(versions);
            return new ClientTls(context, chosen, List.of(), Optional.empty());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keys(Path pkcs12) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(pkcs12)) {
            store.load(in, "secret".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, "secret".toCharArray());
        return factory.getKeyManagers();
    }

    /** Returns the same client with these application protocols (ALPN). */
    public ClientTls offering(String... applicationProtocols) {
        return new ClientTls(context, versions, new ArrayList<>(List.of(applicationProtocols)), serverName);
    }

    /** Returns the same client with a server name (SNI). */
    public ClientTls naming(String name) {
        return new ClientTls(context, versions, protocols, Optional.of(name));
    }

    /** Layers TLS over {@code plain} with the session of {@code port}, if there is one, and shakes hands. */
    public SSLSocket handshake(Socket plain, int port) throws IOException {
        Socket masked = plain instanceof MaskedSocket ? plain : new MaskedSocket(plain, port);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(masked, "127.0.0.1", port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(versions.toArray(String[]::new));
        if (!protocols.isEmpty()) {
            parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        }
        serverName.ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
