package flotilla.cluster.hazelcast.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.internal.networking.HandlerStatus;
import flotilla.cluster.hazelcast.TestCertificates;
import flotilla.cluster.protection.NodeTls;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs two ends without a network. The test moves every byte, and runs every wake-up and every task. */
class TlsPumpTest {
    private static final int NETWORK = 18_000;
    private static final byte[] GREETING = "HZC".getBytes(StandardCharsets.US_ASCII);

    private final NodeTls cluster = NodeTls.of(TestCertificates.files());

    /** One end, run as Hazelcast's pipelines would run it. */
    private static final class End implements TlsPump.Connection {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private final ByteBuffer incoming = ByteBuffer.allocate(NETWORK);
        private final ByteBuffer outgoing = ByteBuffer.allocate(NETWORK);
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final ByteBuffer plain;
        private final TlsPump pump;
        private boolean readerAwake = true;
        private boolean writerAwake = true;
        private boolean established;
        private @Nullable SSLException failure;
        private @Nullable String closed;
        private @Nullable ByteBuffer toSend;

        /**
         * Makes one end.
         *
         * @param room size of the protocol's buffer, in bytes; Hazelcast's has three before the first frame
         */
        public End(SSLEngine engine, int room) throws SSLException {
            this.plain = ByteBuffer.allocate(room);
            this.pump = new TlsPump(engine, tasks::add, this);
        }

        void send(byte[] bytes) {
            toSend = ByteBuffer.wrap(bytes);
            writerAwake = true;
        }

        void runTasks() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        /**
         * Writes once.
         *
         * @return whether there was work to do
         */
        boolean write() {
            if (!writerAwake && outgoing.position() == 0) {
                return false;
            }
            int before = outgoing.position();
            HandlerStatus status = pump.write(toSend, outgoing);
            writerAwake = status == HandlerStatus.DIRTY;
            return outgoing.position() > before;
        }

        boolean read() throws EOFException {
            if (!readerAwake) {
                return false;
            }
            int before = received.size() + incoming.position();
            incoming.flip();
            HandlerStatus status = HandlerStatus.DIRTY;
            while (status == HandlerStatus.DIRTY) {
                status = pump.read(incoming, plain);
                plain.flip();
                received.write(plain.array(), 0, plain.limit());
                plain.clear();
            }
            incoming.compact();
            readerAwake = status != HandlerStatus.BLOCKED;
            return received.size() + incoming.position() != before;
        }

        @Override
        public void wakeReader() {
            readerAwake = true;
        }

        @Override
        public void wakeWriter() {
            writerAwake = true;
        }

        @Override
        public void established() {
            established = true;
        }

        @Override
        public void failed(SSLException reason) {
            failure = reason;
        }

        @Override
        public void close(String reason) {
            closed = reason;
        }
    }

    /** Moves at most {@code most} bytes from one end to the other. */
    private static boolean carry(End from, End to, int most) {
        from.outgoing.flip();
        int count = Math.min(most, Math.min(from.outgoing.remaining(), to.incoming.remaining()));
        byte[] bytes = new byte[count];
        from.outgoing.get(bytes);
        from.outgoing.compact();
        to.incoming.put(bytes);
        return count > 0;
    }

    /** Moves bytes until both ends wait. */
    private static void run(End one, End two, int atOnce) throws EOFException {
        boolean moved = true;
        while (moved) {
            one.runTasks();
            two.runTasks();
            moved = one.write() | two.write();
            moved |= carry(one, two, atOnce) | carry(two, one, atOnce);
            moved |= one.read() | two.read();
            moved |= !one.tasks.isEmpty() || !two.tasks.isEmpty();
        }
    }

    private End connecting(NodeTls tls, int room) throws SSLException {
        return new End(tls.connecting("127.0.0.1", 5701), room);
    }

    private End accepting(int room) throws SSLException {
        return new End(cluster.accepting("127.0.0.1", 40_000), room);
    }

    @ParameterizedTest(name = "the handshake and a greeting in pieces of {0} bytes")
    @ValueSource(ints = {1, 2, 3, 5, 17, 100, 1_000, NETWORK})
    void aHandshakeMayComeInPieces(int atOnce) throws Exception {
        End client = connecting(cluster, 3);
        End server = accepting(3);
        client.send(GREETING);
        server.send(GREETING);
        run(client, server, atOnce);
        assertTrue(client.established && server.established);
        assertArrayEquals(GREETING, client.received.toByteArray());
        assertArrayEquals(GREETING, server.received.toByteArray());
        assertNull(client.closed);
    }

    @Test
    void aHandshakeMayBreakAtEachByte() throws Exception {
        for (int first = 1; first < 2_000; first += 7) {
            End client = connecting(cluster, 3);
            End server = accepting(3);
            client.send(GREETING);
            run(client, server, first);
            assertArrayEquals(GREETING, server.received.toByteArray(), "broken after " + first);
        }
    }

    @ParameterizedTest(name = "three megabytes both ways into a buffer of {0} bytes")
    @ValueSource(ints = {3, 1_000, 40_000, 200_000})
    void largeValuesAreWhole(int room) throws Exception {
        byte[] large = new byte[3 << 20];
        new Random(7).nextBytes(large);
        End client = connecting(cluster, room);
        End server = accepting(room);
        client.send(large);
        server.send(large);
        run(client, server, NETWORK);
        assertArrayEquals(large, server.received.toByteArray());
        assertArrayEquals(large, client.received.toByteArray());
    }

    @Test
    void nothingIsSentBeforeTheOtherEndIsKnown() throws Exception {
        End server = accepting(3);
        server.send(GREETING);
        assertFalse(server.write());
        assertEquals(0, server.outgoing.position());
        assertFalse(server.writerAwake, "a writer that waits must not go round in circles");
    }

    @Test
    void whoeverHasACertificateOfItsOwnIsRefusedAndTold() throws Exception {
        End client = connecting(NodeTls.of(null), 3);
        End server = accepting(3);
        server.send(GREETING);
        run(client, server, NETWORK);
        assertNotNull(client.failure, "the cluster's node is a stranger to it, too");
        assertFalse(server.established);
        assertNotNull(server.failure);
        assertNotNull(server.closed);
        assertEquals(0, client.received.size());
    }

    @Test
    void aPeerWithoutTlsGetsAnAlertAndNothingElse() throws Exception {
        End server = accepting(3);
        server.send(GREETING);
        server.incoming.put("HZC and whatever follows".getBytes(StandardCharsets.US_ASCII));
        server.read();
        assertNotNull(server.failure);
        server.write();
        assertEquals(21, server.outgoing.get(0), "an alert");
        assertEquals(7, server.outgoing.position());
        server.outgoing.clear();
        server.writerAwake = true;
        server.write();
        assertNotNull(server.closed);
        assertEquals(0, server.received.size());
    }

    @Test
    void closingOfTheOtherEndIsItsEnd() throws Exception {
        SSLEngine engine = cluster.connecting("127.0.0.1", 5701);
        End client = new End(engine, 3);
        End server = accepting(3);
        run(client, server, NETWORK);
        assertTrue(server.established);
        engine.closeOutbound();
        client.writerAwake = true;
        client.write();
        assertThrows(EOFException.class, () -> run(client, server, NETWORK));
    }

    @Test
    void aTaskThatRunsIsNotStartedAgain() throws Exception {
        End client = connecting(cluster, 3);
        End server = accepting(3);
        client.write();
        carry(client, server, NETWORK);
        server.read();
        assertEquals(1, server.tasks.size());
        server.readerAwake = true;
        server.read();
        server.writerAwake = true;
        server.write();
        assertEquals(1, server.tasks.size());
        run(client, server, NETWORK);
        assertTrue(server.established);
    }
}
