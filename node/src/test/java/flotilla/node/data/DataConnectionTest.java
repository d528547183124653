package flotilla.node.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import flotilla.cluster.ActorThreads;
import flotilla.cluster.Freezes;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.MemoryFreezes;
import flotilla.node.fixture.MemoryQuotas;
import flotilla.node.fixture.NoTls;
import flotilla.node.fixture.Trees;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Proxy;
import flotilla.node.scan.Scans;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.Backends;
import flotilla.node.tree.Mount;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.ListingMemory;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.InflaterInputStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server-DTP between a real socket and a probe in place of its session. */
class DataConnectionTest {
    private static final String HOME = "demo";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORT = 40_000;

    private final ActorTestKit kit =
            ActorTestKit.create(ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }")
                    .withFallback(ConfigFactory.load()));
    private final TestProbe<SessionMessage> session = kit.createTestProbe(SessionMessage.class);
    private final TestProbe<Object> end = kit.createTestProbe(Object.class);
    private final MemoryBackends backends = new MemoryBackends();
    private Backends served = backends;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final MemoryFreezes freezes = new MemoryFreezes();
    private DataPlane plane;
    private Socket client;
    private ActorRef<DataMessage> connection;

    @BeforeEach
    void store() {
        backends.store(HOME, "/greeting.txt", "hello");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        plane.close();
        kit.shutdownTestKit();
        scheduler.shutdownNow();
        backends.close();
    }

    private void connect() throws IOException {
        connect(2, LONG, LONG);
    }

    private void connect(int maxTransfers, Duration stall, Duration idle) throws IOException {
        plane = new DataPlane(
                () -> new DataSettings(
                        List.of(),
                        List.of(),
                        1,
                        LONG,
                        0,
                        maxTransfers,
                        16_384,
                        LONG,
                        stall,
                        LONG,
                        idle,
                        true,
                        0,
                        new Proxy(Proxy.Mode.OFF, List.of(), LONG),
                        Rates.UNLIMITED,
                        200),
                new NoTls(),
                served,
                new SharedState(
                        "node-1",
                        new MemoryQuotas(),
                        (key, own) -> CompletableFuture.completedFuture(own),
                        freezes,
                        () -> true),
                () -> new ListingLimits(new ListingMemory(1 << 20), LONG),
                ActorThreads.of(ForkJoinPool.commonPool()),
                event -> {},
                Scans.off(backends),
                scheduler);
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, 8_192);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client = new Socket();
            client.setReceiveBufferSize(8_192);
            client.connect(listener.getLocalAddress());
            client.setSoTimeout(10_000);
            spawn(listener.accept());
        }
    }

    private void spawn(SocketChannel accepted) throws IOException {
        accepted.setOption(StandardSocketOptions.SO_SNDBUF, 8_192);
        connection = kit.spawn(DataConnection.create(
                plane,
                new Arrival(accepted, InetAddress.getLoopbackAddress(), PORT, ByteBuffer.allocate(0)),
                Contests.Claim.NONE,
                "0-session",
                (id, message) -> session.ref().tell(message)));
        SessionMessage.DataArrived arrived = session.expectMessageClass(SessionMessage.DataArrived.class);
        assertEquals(PORT, arrived.port());
        assertEquals(connection, arrived.data());
    }

    private static TransferOrder order(Transfer transfer) {
        return order(transfer, false);
    }

    private static TransferOrder order(Transfer transfer, boolean tls) {
        return order(transfer, tls, 0);
    }

    private static TransferOrder order(Transfer transfer, boolean tls, int deflateLevel) {
        return new TransferOrder(
                7,
                "0-session",
                transfer,
                HOME,
                List.of(),
                false,
                new Protection(tls, "none", SessionReuse.PREFER, "", false),
                "demo",
                0,
                0,
                0,
                "",
                deflateLevel,
                "",
                List.of(),
                java.util.Optional.empty());
    }

    private void performCompressed(Transfer transfer) {
        connection.tell(new DataMessage.Perform(order(transfer, false, 6), session.ref()));
    }

    private void perform(Transfer transfer) {
        connection.tell(new DataMessage.Perform(order(transfer), session.ref()));
    }

    private Transfer send(String path, long offset) throws StorageException {
        return Trees.send(home(), path, offset, false);
    }

    private Transfer receive(String path) throws StorageException {
        return Trees.receive(home(), path, Transfer.Placement.REPLACE, 0, false);
    }

    private StorageBackend home() throws StorageException {
        return backends.open(new Mount(HOME, List.of(), false));
    }

    /** Waits until the transfer of {@code connection} has moved so many bytes. */
    private void awaitMoved(long bytes) {
        session.awaitAssert(PATIENCE, () -> {
            connection.tell(new DataMessage.Inquire(3));
            SessionMessage.Progress progress = session.expectMessageClass(SessionMessage.Progress.class);
            assertEquals(3, progress.sequence());
            assertEquals(bytes, progress.bytes());
            return null;
        });
    }

    private TransferResult result() {
        return session.expectMessageClass(SessionMessage.TransferEnded.class, PATIENCE)
                .result();
    }

    private TransferResult ended(Ending ending) {
        TransferResult result = result();
        assertEquals(ending, result.ending());
        assertEquals(7, result.transferId());
        connection.tell(DataMessage.Acknowledge.INSTANCE);
        end.expectTerminated(connection, PATIENCE);
        return result;
    }

    private String stored(String path) throws IOException, StorageException {
        try (ByteSource source =
                backends.open(new Mount(HOME, List.of(), false)).read(VirtualPath.of(path), 0)) {
            ByteBuffer content = ByteBuffer.allocate(64);
            while (source.read(content) > 0) {
                continue;
            }
            return new String(content.array(), 0, content.position(), UTF_8);
        }
    }

    private boolean isStored(String path) throws IOException {
        try {
            return !stored(path).isEmpty();
        } catch (StorageException missing) {
            return false;
        }
    }

    @Test
    void sendsAFileFromAnOffsetAndSaysHowMuch() throws Exception {
        connect();
        perform(send("/greeting.txt", 1));
        assertEquals("ello", new String(client.getInputStream().readAllBytes(), UTF_8));
        client.close();
        assertEquals(4, ended(Ending.COMPLETE).bytes());
    }

    @Test
    void storesWhatComesUntilTheClientEnds() throws Exception {
        connect();
        perform(receive("/new.txt"));
        client.getOutputStream().write("all of it".getBytes(UTF_8));
        client.shutdownOutput();
        assertEquals(9, ended(Ending.COMPLETE).bytes());
        assertEquals("all of it", stored("/new.txt"));
    }

    private void uploads(byte[] stream) throws Exception {
        connect();
        performCompressed(receive("/new.txt"));
        client.getOutputStream().write(stream);
        client.shutdownOutput();
    }

    @Test
    void compressedTransfersCountTheBytesOfTheFile() throws Exception {
        connect();
        performCompressed(send("/greeting.txt", 1));
        try (InflaterInputStream inflated = new InflaterInputStream(client.getInputStream())) {
            assertEquals("ello", new String(inflated.readAllBytes(), UTF_8));
        }
        client.close();
        assertEquals(4, ended(Ending.COMPLETE).bytes());
    }

    @Test
    void aCompressedUploadIsStoredWhenItsStreamIsWhole() throws Exception {
        uploads(ZlibSocketTest.deflated("all of it".getBytes(UTF_8)));
        assertEquals(9, ended(Ending.COMPLETE).bytes());
        assertEquals("all of it", stored("/new.txt"));
    }

    @Test
    void aCompressedUploadWithoutItsEndKeepsItsPartOnly() throws Exception {
        byte[] stream = ZlibSocketTest.deflated("all of it".getBytes(UTF_8));
        uploads(Arrays.copyOf(stream, stream.length - 1));
        assertEquals(9, ended(Ending.CUT).bytes());
        assertTrue(!isStored("/new.txt"));
        assertEquals(9, home().partSize(VirtualPath.of("/new.txt")).orElseThrow());
    }

    @Test
    void aDamagedStreamLeavesNothing() throws Exception {
        byte[] stream = ZlibSocketTest.deflated("all of it".getBytes(UTF_8));
        stream[stream.length - 1] ^= 1;
        uploads(stream);
        ended(Ending.DAMAGED);
        assertTrue(!isStored("/new.txt"));
        assertTrue(home().partSize(VirtualPath.of("/new.txt")).isEmpty(), "a part is left");
    }

    @Test
    void aBombLeavesNothing() throws Exception {
        uploads(ZlibSocketTest.deflated(new byte[4 << 20]));
        assertTrue(ended(Ending.BOMB).bytes() <= 1 << 20);
        assertTrue(!isStored("/new.txt"));
        assertTrue(home().partSize(VirtualPath.of("/new.txt")).isEmpty(), "a part is left");
    }

    @Test
    void anUploadThatIsResetIsNotStored() throws Exception {
        connect();
        perform(receive("/cut.txt"));
        client.getOutputStream().write("half of".getBytes(UTF_8));
        client.setSoLinger(true, 0);
        client.close();
        ended(Ending.LOST);
        assertTrue(!isStored("/cut.txt"), "a reset upload is visible");
    }

    @Test
    void aFileThatIsGoneIsReportedAsSuch() throws Exception {
        connect();
        perform(new Transfer.Send("/gone.txt", 0, false, 5, 0, "gone"));
        ended(Ending.NOT_FOUND);
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void aFileThatWasReplacedAfterTheCommandIsNotSent() throws Exception {
        connect();
        Transfer old = send("/greeting.txt", 0);
        backends.store(HOME, "/greeting.txt", "hello again");
        perform(old);
        TransferResult result = ended(Ending.BUSY);
        assertEquals(0, result.bytes());
        assertEquals(Optional.of(StorageException.Reason.CHANGED), result.storageReason());
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void reportsAgainUntilTheSessionHasTheResult() throws Exception {
        connect();
        perform(send("/greeting.txt", 0));
        TransferResult first = result();
        assertEquals(first, result());
        connection.tell(DataMessage.Acknowledge.INSTANCE);
        end.expectTerminated(connection, PATIENCE);
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        connect();
        perform(receive("/slow.txt"));
        client.getOutputStream().write(new byte[100]);
        awaitMoved(100);
        client.shutdownOutput();
        ended(Ending.COMPLETE);
    }

    @Test
    void anAbortEndsATransferThatTheClientDoesNotRead() throws Exception {
        backends.store(HOME, "/large.bin", "x".repeat(1 << 20));
        connect();
        perform(send("/large.bin", 0));
        assertTrue(client.getInputStream().read() >= 0);
        connection.tell(DataMessage.Abort.INSTANCE);
        ended(Ending.ABORTED);
    }

    @Test
    void aTransferThatDoesNotMoveIsEnded() throws Exception {
        connect(2, Duration.ofMillis(300), LONG);
        perform(receive("/stalled.txt"));
        ended(Ending.STALLED);
        assertTrue(!isStored("/stalled.txt"), "a stalled upload is visible");
    }

    /** Returns the same, but its uploads take longer than the stall time for bytes, and tell that they work. */
    private static <T> T slow(Class<T> type, T real, AtomicReference<Runnable> alive) {
        return type.cast(java.lang.reflect.Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (method.getName().equals("whileWaiting")) {
                        alive.set((Runnable) given[0]);
                    } else if (given != null && given[0] instanceof ByteBuffer bytes && bytes.hasRemaining()) {
                        for (int i = 0; i < 15; i++) {
                            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                            alive.get().run();
                        }
                    }
                    try {
                        Object result = method.invoke(real, given);
                        if (result instanceof StorageBackend same) {
                            return slow(StorageBackend.class, same, alive);
                        }
                        return result instanceof ByteSink sink ? slow(ByteSink.class, sink, alive) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void anUploadThatWaitsForItsStoreHasNotStalled() throws Exception {
        served = slow(Backends.class, backends, new AtomicReference<>(() -> {}));
        connect(2, Duration.ofMillis(600), LONG);
        perform(receive("/slow.txt"));
        client.getOutputStream().write("hello".getBytes(UTF_8));
        client.close();
        ended(Ending.COMPLETE);
        assertEquals("hello", stored("/slow.txt"));
    }

    @Test
    void anOrderBeyondTheLimitIsRefused() throws Exception {
        connect(1, LONG, LONG);
        perform(receive("/first.txt"));
        client.getOutputStream().write(1);
        awaitMoved(1);
        ActorRef<DataMessage> first = connection;
        Socket firstClient = client;
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            client = new Socket(
                    InetAddress.getLoopbackAddress(), listener.socket().getLocalPort());
            spawn(listener.accept());
        }
        perform(receive("/second.txt"));
        ended(Ending.NO_CAPACITY);
        client.close();
        client = firstClient;
        connection = first;
        client.shutdownOutput();
        ended(Ending.COMPLETE);
    }

    @Test
    void withoutAnOrderItEndsAfterTheIdleTime() throws Exception {
        connect(2, LONG, Duration.ofMillis(200));
        end.expectTerminated(connection, PATIENCE);
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void anAbortOfAFrozenUploadThatHasAllBytesLeavesNoFile() throws Exception {
        connect();
        perform(receive("/held.txt"));
        client.getOutputStream().write("all of it".getBytes(UTF_8));
        awaitMoved(9);
        freezes.freeze(Freezes.Kind.SESSION, "0-session", LONG, "", "test");
        long before = freezes.questions();
        client.shutdownOutput();
        session.awaitAssert(PATIENCE, () -> {
            assertTrue(freezes.questions() > before, "the end of the upload has not come");
            return null;
        });
        connection.tell(DataMessage.Abort.INSTANCE);
        ended(Ending.ABORTED);
        assertTrue(!isStored("/held.txt"), "the aborted upload is visible");
    }

    @Test
    void anAbortBeforeTheOrderClosesTheSocket() throws Exception {
        connect();
        connection.tell(DataMessage.Abort.INSTANCE);
        end.expectTerminated(connection, PATIENCE);
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void aChangedProtectionFailsTheTransferThatWasPreparedForAnother() throws Exception {
        connect();
        connection.tell(new DataMessage.Prepare(order(receive("/x")).protection()));
        connection.tell(new DataMessage.Perform(order(send("/greeting.txt", 0), true), session.ref()));
        ended(Ending.TLS_FAILED);
        assertEquals(-1, client.getInputStream().read());
    }
}
