package flotilla.ops.log;

import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import flotilla.ops.config.SyslogSettings;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to a receiver of syslog: datagrams (RFC 5426), TCP with octet counting (RFC 6587, section 3.4.1), or TLS
 * (RFC 5425). It connects with the first messages, and again after a failure. One thread uses it; another one may close
 * it, which ends a write that hangs.
 */
final class SyslogReceiver implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    /** Longest datagram: all receivers should take 2048 bytes, and most take more. */
    private static final int MOST_DATAGRAM = 8_192;

    private static final Logger LOG = LoggerFactory.getLogger(SyslogReceiver.class);

    private final SyslogSettings settings;
    private volatile @Nullable Socket stream;
    private volatile @Nullable DatagramSocket datagrams;
    private volatile boolean closed;

    SyslogReceiver(SyslogSettings settings) {
        this.settings = settings;
    }

    /**
     * Sends messages.
     *
     * @throws IOException when the receiver is away; some of the messages may have come
     */
    void send(List<byte[]> messages) throws IOException {
        try {
            if (settings.transport() == SyslogSettings.Transport.UDP) {
                sendDatagrams(messages);
            } else {
                sendStream(messages);
            }
        } catch (IOException | RuntimeException e) {
            disconnect();
            throw e;
        }
    }

    private void sendDatagrams(List<byte[]> messages) throws IOException {
        DatagramSocket socket = datagrams;
        if (socket == null) {
            socket = new DatagramSocket();
            datagrams = socket;
            socket.connect(address());
        }
        for (byte[] message : messages) {
            socket.send(new DatagramPacket(message, length(message)));
        }
    }

    /** Returns the length at which a message is cut off, never within a character. */
    private static int length(byte[] message) {
        int length = Math.min(message.length, MOST_DATAGRAM);
        while (length < message.length && length > 0 && (message[length] & 0xc0) == 0x80) {
            length--;
        }
        return length;
    }

    private InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port());
    }

    private void sendStream(List<byte[]> messages) throws IOException {
        Socket socket = stream;
        if (socket == null) {
            socket = connect();
        } else {
            requireOpen(socket);
        }
        java.io.ByteArrayOutputStream frames = new java.io.ByteArrayOutputStream();
        for (byte[] message : messages) {
            frames.writeBytes((message.length + " ").getBytes(StandardCharsets.US_ASCII));
            frames.writeBytes(message);
        }
        socket.getOutputStream().write(frames.toByteArray());
        socket.getOutputStream().flush();
    }

    /** A receiver sends nothing. One that has closed would take the next messages silently. */
    private static void requireOpen(Socket socket) throws IOException {
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the receiver has closed the connection");
            }
        } catch (SocketTimeoutException open) {
            return;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        stream = socket;
        if (closed) {
            throw new IOException("closed");
        }
        socket.connect(address(), CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        if (settings.transport() == SyslogSettings.Transport.TLS) {
            socket.setSoTimeout(CONNECT_MILLIS);
            socket = secure(socket);
            stream = socket;
        }
        socket.setSoTimeout(1);
        return socket;
    }

    private Socket secure(Socket plain) throws IOException {
        try {
            SSLSocket socket = (SSLSocket)
                    context().getSocketFactory().createSocket(plain, settings.host(), settings.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException | CertificateProblem e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The files are read for each connection, so that a renewed certificate needs no restart. */
    private SSLContext context() throws IOException, GeneralSecurityException, CertificateProblem {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (settings.ca().isPresent()) {
            KeyStore store = empty();
            for (X509Certificate certificate :
                    PemFiles.certificates(settings.ca().get())) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            trust.init(store);
        } else {
            trust.init((KeyStore) null);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore own = empty();
        if (settings.certificate().isPresent()) {
            KeyMaterial key = KeyMaterial.read(
                    settings.certificate().get(),
                    settings.privateKey().orElse(settings.certificate().get()),
                    "");
            own.setKeyEntry("key", key.key(), new char[0], key.chain().toArray(X509Certificate[]::new));
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        return store;
    }

    private void disconnect() {
        for (AutoCloseable socket : Arrays.asList(stream, datagrams)) {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (Exception e) {
                LOG.debug("closing a connection to {}", settings.place(), e);
            }
        }
        stream = null;
        datagrams = null;
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
