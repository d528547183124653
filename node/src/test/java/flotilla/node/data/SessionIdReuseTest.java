package flotilla.node.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.data.SessionIdClients.BoringClient;
import flotilla.node.data.SessionIdClients.Connected;
import flotilla.node.data.SessionIdClients.ExactClient;
import flotilla.node.data.SessionIdClients.Known;
import flotilla.node.fixture.FixedTicketKeys;
import flotilla.node.state.ResumableSession;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.ClientHello;
import flotilla.node.tls.OcspSettings;
import flotilla.node.tls.SmallCaches;
import flotilla.node.tls.Tls;
import flotilla.node.tls.TlsEngines;
import flotilla.node.tls.TlsOffer;
import flotilla.node.tls.TlsPolicy;
import flotilla.node.tls.TlsSettings;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.node.tls.TlsSettings.ClientAuth;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.bouncycastle.tls.CipherSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients without tickets on TLS 1.2, with the control connection on one node and the data connection on another. */
@Timeout(60)
class SessionIdReuseTest {
    private static final int BUFFER = 64 * 1024;
    private static final int RECORD_AND_HANDSHAKE_HEADER = 9;
    private static final int ALERT = 21;
    private static final int AES_128 = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

    @TempDir
    static Path directory;

    private static TlsEngines controlNode;
    private static TlsEngines dataNode;
    private ServerSocketChannel listener;
    private int buffer = BUFFER;

    @BeforeAll
    static void makeEngines() throws Exception {
        Path file = directory.resolve("server.pem");
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of(), Duration.ofDays(1)), file);
        controlNode = Tls.engines(settings(file, true), new FixedTicketKeys(1));
        dataNode = Tls.engines(settings(file, true), new FixedTicketKeys(1));
    }

    private static TlsSettings settings(Path file, boolean dataMayResume) {
        return new TlsSettings(
                List.of(new CertificateFiles(file, file, "")),
                TlsOffer.of(TlsPolicy.INTERMEDIATE),
                TlsOffer.of(TlsPolicy.INTERMEDIATE),
                ClientAuth.OFF,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                OcspSettings.OFF,
                dataMayResume,
                false);
    }

    @AfterAll
    static void closeEngines() {
        controlNode.close();
        dataNode.close();
    }

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    private interface Client {
        void use(SocketChannel channel) throws IOException;
    }

    private interface Server<T> {
        T serve(SocketChannel channel) throws IOException;
    }

    private interface Transfer<T> {
        T move(Connected server, SSLEngine engine) throws IOException;
    }

    /** Runs both ends. A failure of the server is thrown first, then one of the client. */
    private <T> T connection(Client client, Server<T> server) throws Exception {
        CompletableFuture<Void> clientEnds = CompletableFuture.runAsync(() -> {
            try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
                client.use(channel);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        T served;
        try (SocketChannel channel = listener.accept()) {
            served = server.serve(channel);
        } catch (IOException e) {
            clientEnds.handle((done, failure) -> done).get(20, TimeUnit.SECONDS);
            throw e;
        }
        clientEnds.get(20, TimeUnit.SECONDS);
        return served;
    }

    private Optional<ResumableSession> control(TlsEngines node, Client client) throws Exception {
        return connection(client, channel -> {
            SSLEngine engine = node.engine("server.pem", "0-a");
            try {
                ByteBuffer netIn = ByteBuffer.allocateDirect(BUFFER);
                channel.read(netIn);
                ByteBuffer body = netIn.duplicate().flip().position(RECORD_AND_HANDSHAKE_HEADER);
                ClientHello hello = ClientHello.parse(Unpooled.wrappedBuffer(body));
                TlsSocket socket = new TlsSocket(channel, engine, netIn, ByteBuffer.allocateDirect(BUFFER));
                socket.handshake(TlsSocket.Gate.OPEN, ByteBuffer.allocateDirect(BUFFER));
                assertFalse(node.isResumed(engine));
                Optional<ResumableSession> session = node.resumable(engine, hello, "server.pem", "0-a");
                socket.finish(ByteBuffer.wrap(new byte[] {'x'}));
                return session;
            } finally {
                node.release(engine);
            }
        });
    }

    private <T> T data(TlsEngines node, ResumableSession session, Client client, Transfer<T> transfer)
            throws Exception {
        return connection(client, channel -> {
            DataHandshake handshake = new DataHandshake(
                    node,
                    "0-a",
                    new Protection(true, "server.pem", SessionReuse.REQUIRE, "", false, Optional.of(session), "demo"),
                    owner -> false);
            ByteBuffer netIn = ByteBuffer.allocateDirect(buffer);
            SSLEngine engine = handshake.engine(channel, netIn);
            try {
                TlsSocket socket =
                        new TlsSocket(channel, engine, netIn, ByteBuffer.allocateDirect(2 * (buffer + 16_384)));
                ByteBuffer early = ByteBuffer.allocateDirect(BUFFER);
                socket.handshake(handshake::isBound, early);
                assertEquals("TLSv1.2", engine.getSession().getProtocol());
                return transfer.move(new Connected(socket, early), engine);
            } finally {
                node.release(engine);
            }
        });
    }

    /** The types of the records that come before the server closes. */
    private static List<Integer> recordTypes(SocketChannel channel) throws IOException {
        byte[] bytes = Channels.newInputStream(channel).readAllBytes();
        List<Integer> types = new ArrayList<>();
        for (int i = 0;
                i < bytes.length;
                i += 5 + Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(i + 3))) {
            types.add((int) bytes[i]);
        }
        return types;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private BoringClient boringClient() throws Exception {
        return new BoringClient((InetSocketAddress) listener.getLocalAddress());
    }

    @ParameterizedTest
    @ValueSource(ints = {16_384, BUFFER, 262_144})
    void uploadsAndDownloadsPassOnAnotherNodeAndEndCleanly(int netBuffer) throws Exception {
        BoringClient client = boringClient();
        ResumableSession session = control(controlNode, client::control).orElseThrow();
        assertTrue(session.extendedMasterSecret());
        buffer = netBuffer;
        for (int size : new int[] {0, 1, 16_384, 3_000_001}) {
            byte[] content = random(size);
            data(
                    dataNode,
                    session,
                    channel -> {
                        client.connect(channel, true).send(content);
                        assertEquals(List.of(ALERT), recordTypes(channel), "the answer to close_notify");
                    },
                    (server, engine) -> {
                        assertArrayEquals(content, server.readAll());
                        assertTrue(server.tls().endedCleanly());
                        server.tls().acknowledgeEnd();
                        return true;
                    });
            data(
                    dataNode,
                    session,
                    channel -> {
                        Connected connected = client.connect(channel, true);
                        assertArrayEquals(content, connected.readAll());
                        assertTrue(connected.tls().endedCleanly());
                    },
                    (server, engine) -> {
                        server.send(content);
                        return true;
                    });
        }
    }

    @Test
    void anUploadThatIsCutDoesNotEndCleanly() throws Exception {
        BoringClient client = boringClient();
        ResumableSession session = control(controlNode, client::control).orElseThrow();
        for (int size : new int[] {0, 100_000}) {
            byte[] content = random(size);
            data(
                    dataNode,
                    session,
                    channel -> {
                        client.connect(channel, true).tls().write(ByteBuffer.wrap(content));
                        channel.shutdownOutput();
                    },
                    (server, engine) -> {
                        assertArrayEquals(content, server.readAll());
                        assertFalse(server.tls().endedCleanly());
                        return true;
                    });
        }
    }

    @Test
    void anUploadThatIsResetFails() throws Exception {
        BoringClient client = boringClient();
        ResumableSession session = control(controlNode, client::control).orElseThrow();
        CompletableFuture<Boolean> established = new CompletableFuture<>();
        data(
                dataNode,
                session,
                channel -> {
                    client.connect(channel, true).tls().write(ByteBuffer.wrap(random(1000)));
                    established.join();
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                },
                (server, engine) -> {
                    established.complete(true);
                    return assertThrows(IOException.class, () -> server.readAll());
                });
    }

    @Test
    void aRecordThatWasChangedOnTheWayFails() throws Exception {
        BoringClient client = boringClient();
        ResumableSession session = control(controlNode, client::control).orElseThrow();
        data(
                dataNode,
                session,
                channel -> {
                    client.connect(channel, true);
                    byte[] forged = new byte[5 + 40];
                    System.arraycopy(new byte[] {23, 3, 3, 0, 40}, 0, forged, 0, 5);
                    channel.write(ByteBuffer.wrap(forged));
                },
                (server, engine) -> assertThrows(SSLException.class, () -> server.readAll()));
    }

    @Test
    void onTheNodeOfTheControlConnectionBoringSslResumes() throws Exception {
        BoringClient client = boringClient();
        ResumableSession session = control(controlNode, client::control).orElseThrow();
        String name = data(
                controlNode,
                session,
                channel -> assertArrayEquals(
                        new byte[] {'x'}, client.connect(channel, true).readAll()),
                (server, engine) -> {
                    server.send(new byte[] {'x'});
                    return engine.getClass().getName();
                });
        assertTrue(name.startsWith("io.netty"), name);
    }

    @ParameterizedTest
    @CsvSource({
        AES_128 + ",true",
        AES_128 + ",false",
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 + ",true",
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 + ",false",
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 + ",true",
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 + ",false",
    })
    void everySuiteResumesWithAndWithoutTheExtendedMasterSecret(int suite, boolean extended) throws Exception {
        ExactClient client = new ExactClient(suite, extended);
        ResumableSession session =
                control(controlNode, channel -> client.download(channel)).orElseThrow();
        assertEquals(extended, session.extendedMasterSecret());
        assertEquals(suite, session.cipherSuite());
        byte[] content = random(100_000);
        data(
                dataNode,
                session,
                channel -> {
                    assertArrayEquals(content, client.download(channel));
                    assertTrue(client.resumed);
                },
                (server, engine) -> {
                    server.send(content);
                    return true;
                });
        byte[] uploaded = data(dataNode, session, channel -> client.upload(channel, content), (server, engine) -> {
            byte[] all = server.readAll();
            assertTrue(server.tls().endedCleanly());
            return all;
        });
        assertArrayEquals(content, uploaded);
    }

    @Test
    void aClientHelloMayComeInPieces() throws Exception {
        ExactClient client = new ExactClient(AES_128, true);
        ResumableSession session =
                control(controlNode, channel -> client.download(channel)).orElseThrow();
        client.drips = true;
        byte[] content = random(20_000);
        byte[] uploaded = data(
                dataNode,
                session,
                channel -> {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    client.upload(channel, content);
                },
                (server, engine) -> server.readAll());
        assertArrayEquals(content, uploaded);
        assertTrue(client.resumed);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 40})
    void aConnectionThatEndsInItsClientHelloFails(int sent) throws Exception {
        ExactClient client = new ExactClient(AES_128, true);
        ResumableSession session =
                control(controlNode, channel -> client.download(channel)).orElseThrow();
        assertThrows(
                SSLException.class,
                () -> data(
                        dataNode,
                        session,
                        channel -> channel.write(ByteBuffer.wrap(new byte[] {22, 3, 1, 0, 120}, 0, Math.min(5, sent))),
                        (server, engine) -> true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"another id", "no id", "another suite", "extended master secret", "tls 1.3"})
    void aClientHelloThatDoesNotFitGetsNothing(String flaw) throws Exception {
        ExactClient client = new ExactClient(AES_128, false);
        ResumableSession session =
                control(controlNode, channel -> client.download(channel)).orElseThrow();
        Known mine = client.known;
        switch (flaw) {
            case "another id" -> client.known = new Known(random(32), mine.masterSecret());
            case "no id" -> client.known = null;
            case "another suite" -> client.suites = new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384};
            case "extended master secret" -> client.extended = true;
            default -> client.newest = true;
        }
        CompletableFuture<Integer> got = new CompletableFuture<>();
        assertThrows(
                TlsSocket.Refused.class,
                () -> data(
                        dataNode, session, channel -> got.complete(client.answer(channel)), (server, engine) -> true));
        assertEquals(0, got.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aClientThatDoesNotKnowTheMasterSecretIsRefused() throws Exception {
        ExactClient client = new ExactClient(AES_128, true);
        ResumableSession session =
                control(controlNode, channel -> client.download(channel)).orElseThrow();
        client.known = new Known(client.known.id(), random(48));
        CompletableFuture<Boolean> failed = new CompletableFuture<>();
        assertThrows(
                SSLException.class,
                () -> data(
                        dataNode,
                        session,
                        channel -> {
                            assertThrows(IOException.class, () -> client.download(channel));
                            failed.complete(true);
                        },
                        (server, engine) -> true));
        assertTrue(failed.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aClientWithTheSecretDoesNotResumeWithAnEngineOfAnotherSession() throws Exception {
        ExactClient mine = new ExactClient(AES_128, true);
        ExactClient other = new ExactClient(AES_128, true);
        assertTrue(control(controlNode, channel -> mine.download(channel)).isPresent());
        ResumableSession theirs =
                control(controlNode, channel -> other.download(channel)).orElseThrow();
        assertThrows(
                TlsSocket.Refused.class,
                () -> data(dataNode, theirs, channel -> mine.answer(channel), (server, engine) -> true));
    }

    @Test
    void nothingIsNotedOfClientsWithTicketsNorOfTls13NorWhenNothingMayResume() throws Exception {
        ExactClient tickets = new ExactClient(AES_128, true);
        tickets.tickets = true;
        assertTrue(control(controlNode, channel -> tickets.download(channel)).isEmpty());
        ExactClient newest = new ExactClient(AES_128, true);
        newest.newest = true;
        assertTrue(control(controlNode, channel -> newest.download(channel)).isEmpty());
        try (TlsEngines off = Tls.engines(settings(directory.resolve("server.pem"), false), new FixedTicketKeys(1))) {
            ExactClient client = new ExactClient(AES_128, true);
            assertTrue(control(off, channel -> client.download(channel)).isEmpty());
        }
    }

    @Test
    void afterTheCertificatesAreReadAgainTheSessionStillResumesOnItsOwnNode() throws Exception {
        try (TlsEngines node = Tls.engines(settings(directory.resolve("server.pem"), true), new FixedTicketKeys(1))) {
            ExactClient client = new ExactClient(AES_128, true);
            ResumableSession session =
                    control(node, channel -> client.download(channel)).orElseThrow();
            node.reload();
            data(
                    node,
                    session,
                    channel -> assertEquals("x", new String(client.download(channel), US_ASCII)),
                    (server, engine) -> {
                        server.send(new byte[] {'x'});
                        return true;
                    });
            assertTrue(client.resumed);
        }
    }

    @Test
    void aSessionThatTheFullCacheHasDroppedStillResumesOnItsOwnNode() throws Exception {
        try (TlsEngines node =
                SmallCaches.engines(settings(directory.resolve("server.pem"), true), new FixedTicketKeys(1), 2)) {
            ExactClient client = new ExactClient(AES_128, true);
            ResumableSession session =
                    control(node, channel -> client.download(channel)).orElseThrow();
            for (int newer = 0; newer < 3; newer++) {
                assertEquals(newer < 2, resumedByBoringSsl(node, session, client));
                control(node, channel -> new ExactClient(AES_128, true).download(channel));
            }
            assertFalse(resumedByBoringSsl(node, session, client));
        }
    }

    private boolean resumedByBoringSsl(TlsEngines node, ResumableSession session, ExactClient client) throws Exception {
        String name = data(
                node,
                session,
                channel -> assertEquals("x", new String(client.download(channel), US_ASCII)),
                (server, engine) -> {
                    server.send(new byte[] {'x'});
                    return engine.getClass().getName();
                });
        assertTrue(client.resumed);
        return name.startsWith("io.netty");
    }

    @Test
    void theSecretIsNotInItsText() throws Exception {
        ExactClient client = new ExactClient(AES_128, true);
        ResumableSession session =
                control(controlNode, channel -> client.download(channel)).orElseThrow();
        String text =
                new Protection(true, "c", SessionReuse.REQUIRE, "", false, Optional.of(session), "demo").toString();
        assertTrue(text.contains("ResumableSession[***]"), text);
        assertEquals(48, session.masterSecret().length);
        assertArrayEquals(client.known.masterSecret(), session.masterSecret());
        assertFalse(Arrays.equals(new byte[48], session.masterSecret()));
    }

    /** A failure of the client reaches the test. */
    @Test
    void theTestNoticesAClientThatFails() {
        assertThrows(
                ExecutionException.class,
                () -> connection(
                        channel -> {
                            throw new IOException("client");
                        },
                        channel -> true));
    }
}
