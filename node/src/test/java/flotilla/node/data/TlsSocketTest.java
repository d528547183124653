package flotilla.node.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.TicketKeys;
import flotilla.node.fixture.FixedTicketKeys;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.ClientHello;
import flotilla.node.tls.OcspSettings;
import flotilla.node.tls.Tls;
import flotilla.node.tls.TlsEngines;
import flotilla.node.tls.TlsOffer;
import flotilla.node.tls.TlsPolicy;
import flotilla.node.tls.TlsSettings;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.node.tls.TlsSettings.ClientAuth;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsSocketTest {
    private static final int BUFFER = 64 * 1024;

    @TempDir
    static Path directory;

    private static TlsEngines engines;
    private static TlsEngines otherNode;
    private static TlsEngines otherCluster;
    private ServerSocketChannel listener;

    @BeforeAll
    static void makeEngines() throws Exception {
        Path file = directory.resolve("server.pem");
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of(), Duration.ofDays(1)), file);
        TlsSettings settings = new TlsSettings(
                List.of(new CertificateFiles(file, file, "")),
                TlsOffer.of(TlsPolicy.INTERMEDIATE),
                TlsOffer.of(TlsPolicy.INTERMEDIATE),
                ClientAuth.OFF,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                OcspSettings.OFF,
                true,
                false);
        engines = Tls.engines(settings, new FixedTicketKeys(1));
        otherNode = Tls.engines(settings, new FixedTicketKeys(1));
        otherCluster = Tls.engines(settings, new FixedTicketKeys(2));
        assertEquals("BoringSSL", engines.description());
    }

    @AfterAll
    static void closeEngines() {
        engines.close();
        otherNode.close();
        otherCluster.close();
    }

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    /** The server's part of a connection after its handshake. */
    private interface Server<T> {
        T serve(TlsSocket socket, ByteBuffer first, SSLEngine engine) throws IOException;
    }

    private interface Client {
        void use(SSLSocket tls, Socket tcp) throws IOException;
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AllTrusted()}, new SecureRandom());
        return context;
    }

    private <T> T connection(String version, Client client, Server<T> server) throws Exception {
        return connection(trusting(), version, engines, "0-a", client, server);
    }

    private <T> T connection(
            SSLContext context, String version, TlsEngines tls, String session, Client client, Server<T> server)
            throws Exception {
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        CompletableFuture<Void> clientEnds = CompletableFuture.runAsync(() -> {
            try (Socket tcp = new Socket(address.getAddress(), address.getPort());
                    SSLSocket socket =
                            (SSLSocket) context.getSocketFactory().createSocket(tcp, "localhost", 990, false)) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                client.use(socket, tcp);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        SSLEngine engine =
                tls.engine(tls.certificateFor(ClientHello.BLANK, false).orElseThrow(), session);
        try (SocketChannel channel = listener.accept()) {
            TlsSocket socket = new TlsSocket(
                    channel, engine, ByteBuffer.allocateDirect(BUFFER), ByteBuffer.allocateDirect(3 * BUFFER));
            ByteBuffer first = ByteBuffer.allocateDirect(BUFFER);
            socket.handshake(TlsSocket.Gate.OPEN, first);
            T result = server.serve(socket, first, engine);
            clientEnds.handle((done, failure) -> done).get(20, TimeUnit.SECONDS);
            return result;
        } finally {
            tls.release(engine);
        }
    }

    private static byte[] readAll(TlsSocket socket, ByteBuffer first) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        take(all, first);
        while (socket.read(buffer) >= 0) {
            take(all, buffer.flip());
            buffer.clear();
        }
        return all.toByteArray();
    }

    private static void take(ByteArrayOutputStream all, ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        all.writeBytes(bytes);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anUploadThatEndsWithCloseNotifyEndedCleanly(String version) throws Exception {
        for (int size : new int[] {0, 1, 16_384, 1_000_000}) {
            byte[] content = random(size);
            boolean clean = connection(
                    version,
                    (tls, tcp) -> {
                        tls.getOutputStream().write(content);
                        tls.shutdownOutput();
                    },
                    (socket, first, engine) -> {
                        assertArrayEquals(content, readAll(socket, first));
                        socket.acknowledgeEnd();
                        return socket.endedCleanly();
                    });
            assertTrue(clean, "size " + size);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anUploadThatEndsWithFinAloneDidNot(String version) throws Exception {
        byte[] content = random(100_000);
        boolean clean = connection(
                version,
                (tls, tcp) -> {
                    tls.getOutputStream().write(content);
                    tcp.shutdownOutput();
                },
                (socket, first, engine) -> {
                    assertArrayEquals(content, readAll(socket, first));
                    boolean ended = socket.endedCleanly();
                    socket.acknowledgeEnd();
                    return ended;
                });
        assertFalse(clean);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anUploadThatIsResetFails(String version) throws Exception {
        CompletableFuture<Boolean> established = new CompletableFuture<>();
        connection(
                version,
                (tls, tcp) -> {
                    established.join();
                    tls.getOutputStream().write(random(1000));
                    tcp.setOption(StandardSocketOptions.SO_LINGER, 0);
                    tcp.close();
                },
                (socket, first, engine) -> {
                    established.complete(true);
                    return assertThrows(IOException.class, () -> readAll(socket, first));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aDownloadEndsWithCloseNotify(String version) throws Exception {
        for (int size : new int[] {0, 1, 50_000, 1_000_000}) {
            byte[] content = random(size);
            CompletableFuture<byte[]> received = new CompletableFuture<>();
            connection(
                    version,
                    (tls, tcp) -> received.complete(tls.getInputStream().readAllBytes()),
                    (socket, first, engine) -> {
                        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
                        for (int sent = 0; sent + BUFFER < size; sent += BUFFER) {
                            socket.write(
                                    buffer.clear().put(content, sent, BUFFER).flip());
                        }
                        int rest = size == 0 ? 0 : (size - 1) % BUFFER + 1;
                        socket.finish(
                                buffer.clear().put(content, size - rest, rest).flip());
                        return true;
                    });
            assertArrayEquals(content, received.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void aClientThatSpeaksNoTlsFailsTheHandshake() throws Exception {
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        for (String text : List.of("", "USER alice\r\n", "\u0016\u0003\u0001")) {
            SSLEngine engine = engines.engine("", "0-a");
            try (Socket client = new Socket(address.getAddress(), address.getPort());
                    SocketChannel channel = listener.accept()) {
                client.getOutputStream().write(text.getBytes(US_ASCII));
                client.shutdownOutput();
                TlsSocket socket = new TlsSocket(
                        channel, engine, ByteBuffer.allocateDirect(BUFFER), ByteBuffer.allocateDirect(2 * BUFFER));
                assertThrows(
                        IOException.class,
                        () -> socket.handshake(TlsSocket.Gate.OPEN, ByteBuffer.allocateDirect(BUFFER)));
            } finally {
                engines.release(engine);
            }
        }
    }

    @Test
    void aClientThatTheGateRefusesGetsNothing() throws Exception {
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        SSLEngine client = trusting().createSSLEngine();
        client.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), hello);
        SSLEngine engine = engines.engine("", "0-a");
        try (Socket tcp = new Socket(address.getAddress(), address.getPort())) {
            tcp.getOutputStream().write(hello.array(), 0, hello.position());
            try (SocketChannel channel = listener.accept()) {
                TlsSocket socket = new TlsSocket(
                        channel, engine, ByteBuffer.allocateDirect(BUFFER), ByteBuffer.allocateDirect(2 * BUFFER));
                assertThrows(
                        TlsSocket.Refused.class,
                        () -> socket.handshake(refused -> false, ByteBuffer.allocateDirect(BUFFER)));
            }
            assertEquals(0, tcp.getInputStream().readAllBytes().length);
        } finally {
            engines.release(engine);
        }
    }

    /**
     * Connects with the sessions that {@code context} remembers. The client reads, so that it gets the next tickets.
     */
    private boolean resumes(SSLContext context, String version, TlsEngines tls, String session) throws Exception {
        return connection(
                context,
                version,
                tls,
                session,
                (socket, tcp) ->
                        assertEquals("x", new String(socket.getInputStream().readAllBytes(), US_ASCII)),
                (socket, first, engine) -> {
                    socket.finish(ByteBuffer.wrap(new byte[] {'x'}));
                    return tls.isResumed(engine);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionIsResumedByItsOwnFtpSessionOnEveryNodeOfTheCluster(String version) throws Exception {
        SSLContext client = trusting();
        assertFalse(resumes(client, version, engines, "0-a"));
        assertTrue(resumes(client, version, engines, "0-a"));
        assertTrue(resumes(client, version, otherNode, "0-a"));
        assertTrue(resumes(client, version, engines, "0-a"));
        assertFalse(resumes(client, version, otherCluster, "0-a"));
    }

    @ParameterizedTest(name = "A-TLS-27 a ticket whose key has been rotated out means a fresh handshake: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketWhoseKeyIsGoneMeansAFreshHandshake(String version) throws Exception {
        Path file = directory.resolve("server.pem");
        TlsSettings settings = new TlsSettings(
                List.of(new CertificateFiles(file, file, "")),
                TlsOffer.of(TlsPolicy.INTERMEDIATE),
                TlsOffer.of(TlsPolicy.INTERMEDIATE),
                ClientAuth.OFF,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                OcspSettings.OFF,
                true,
                false);
        RotatedKeys keys = new RotatedKeys();
        try (TlsEngines rotating = Tls.engines(settings, keys)) {
            SSLContext client = trusting();
            assertFalse(resumes(client, version, rotating, "0-a"));
            assertTrue(resumes(client, version, rotating, "0-a"));
            keys.rotate(new FixedTicketKeys(4).current());
            assertFalse(resumes(client, version, rotating, "0-a"));
            assertTrue(resumes(client, version, rotating, "0-a"), "the new ticket is good");
        }
    }

    private static final class RotatedKeys implements TicketKeys {
        private List<TicketKey> keys = new FixedTicketKeys(3).current();
        private Consumer<List<TicketKey>> listener = ignored -> {};

        void rotate(List<TicketKey> next) {
            keys = next;
            listener.accept(next);
        }

        @Override
        public List<TicketKey> current() {
            return keys;
        }

        @Override
        public AutoCloseable onRotation(Consumer<List<TicketKey>> told) {
            listener = told;
            return () -> {};
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionIsNeverResumedByAnotherFtpSession(String version) throws Exception {
        for (int i = 0; i < 100; i++) {
            SSLContext client = trusting();
            TlsEngines node = i % 2 == 0 ? engines : otherNode;
            assertFalse(resumes(client, version, engines, "0-victim" + i));
            assertFalse(resumes(client, version, node, "0-thief" + i), "try " + i);
        }
    }

    private static final class AllTrusted implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
