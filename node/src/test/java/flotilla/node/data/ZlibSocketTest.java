package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.data.Throttles.Throttle;
import flotilla.node.transfer.TransferResult.Ending;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZlibSocketTest {
    private static final int RATIO = 200;
    private static final int MIB = 1 << 20;

    /** The client's end of the wire. */
    private static final class Wire implements DataSocket {
        private final ByteBuffer incoming;
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private final int step;
        private int largest;
        private boolean finished;

        Wire(byte[] incoming, int step) {
            this.incoming = ByteBuffer.wrap(incoming);
            this.step = step;
        }

        @Override
        public int read(ByteBuffer buffer) {
            if (!incoming.hasRemaining()) {
                return -1;
            }
            int count = Math.min(step, Math.min(incoming.remaining(), buffer.remaining()));
            buffer.put(incoming.slice(incoming.position(), count));
            incoming.position(incoming.position() + count);
            return count;
        }

        @Override
        public void write(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            largest = Math.max(largest, bytes.length);
            buffer.get(bytes);
            sent.writeBytes(bytes);
        }

        @Override
        public void finish(ByteBuffer buffer) {
            write(buffer);
            finished = true;
        }

        @Override
        public void acknowledgeEnd() {}

        @Override
        public boolean endedCleanly() {
            return true;
        }
    }

    /** Counts the bytes that it is asked for. */
    private static final class Counter implements Throttle {
        private long counted;

        @Override
        public void await(int bytes, Runnable waiting, BooleanSupplier cancelled) {
            counted += bytes;
        }

        @Override
        public void close() {}
    }

    private static ZlibSocket on(DataSocket wire, Throttle throttle) {
        return new ZlibSocket(wire, 6, RATIO, ByteBuffer.allocate(0), 64 * 1024, throttle, () -> {});
    }

    static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        byte[] out = new byte[bytes.length + 1000];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    private static byte[] inflated(byte[] stream, int most) throws DataFormatException {
        Inflater inflater = new Inflater();
        inflater.setInput(stream);
        byte[] out = new byte[most + 1];
        int length = inflater.inflate(out);
        assertTrue(inflater.finished(), "the stream has its end");
        assertEquals(0, inflater.getRemaining());
        inflater.end();
        return Arrays.copyOf(out, length);
    }

    private static byte[] read(ZlibSocket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
        while (socket.read(buffer) >= 0) {
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            all.writeBytes(bytes);
            buffer.clear();
        }
        return all.toByteArray();
    }

    private static Ending refusal(byte[] stream) {
        try (ZlibSocket socket = on(new Wire(stream, 1000), Throttle.UNLIMITED)) {
            return assertThrows(Refused.class, () -> read(socket)).ending();
        }
    }

    private static byte[] text(int size) {
        byte[] bytes = new byte[size];
        Random random = new Random(7);
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(4));
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, byte... second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9_999, 3 * MIB})
    void sendsOneStreamWithItsEndInBoundedPieces(int size) throws Exception {
        byte[] bytes = text(size);
        Wire wire = new Wire(new byte[0], 1);
        Counter throttle = new Counter();
        try (ZlibSocket socket = on(wire, throttle)) {
            ByteBuffer all = ByteBuffer.allocateDirect(size).put(bytes).flip();
            while (all.remaining() > 100_000) {
                socket.write(all.slice(all.position(), 100_000));
                all.position(all.position() + 100_000);
            }
            socket.finish(all);
        }
        assertTrue(wire.finished);
        assertTrue(wire.largest <= 32 * 1024, () -> wire.largest + " bytes at once");
        assertArrayEquals(bytes, inflated(wire.sent.toByteArray(), size));
        assertEquals(wire.sent.size(), throttle.counted, "the rate counts what the wire carries");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 60_000})
    void inflatesWhatComesInAnyPieces(int step) throws Exception {
        byte[] bytes = text(300_000);
        byte[] stream = deflated(bytes);
        Counter throttle = new Counter();
        try (ZlibSocket socket = on(new Wire(stream, step), throttle)) {
            assertArrayEquals(bytes, read(socket));
        }
        assertEquals(stream.length, throttle.counted);
    }

    @Test
    void takesTheBytesThatCameWithTheHandshake() throws Exception {
        byte[] stream = deflated(text(5_000));
        ByteBuffer first = ByteBuffer.wrap(stream, 0, 100);
        try (ZlibSocket socket = new ZlibSocket(
                new Wire(Arrays.copyOfRange(stream, 100, stream.length), 50),
                6,
                RATIO,
                first,
                64 * 1024,
                Throttle.UNLIMITED,
                () -> {})) {
            assertArrayEquals(text(5_000), read(socket));
        }
    }

    @Test
    void aStreamWithoutItsEndIsCut() {
        byte[] stream = deflated(text(50_000));
        for (int missing : new int[] {1, 4, 5, stream.length - 1, stream.length}) {
            assertEquals(Ending.CUT, refusal(Arrays.copyOf(stream, stream.length - missing)), missing + " missing");
        }
    }

    @Test
    void aStreamThatIsNoneOrGoesOnIsDamaged() {
        byte[] stream = deflated(text(50_000));
        assertEquals(Ending.DAMAGED, refusal(text(100)), "no zlib header");
        assertEquals(Ending.DAMAGED, refusal(joined(stream, (byte) 'x')), "a byte after the end");
        assertEquals(Ending.DAMAGED, refusal(joined(stream, stream)), "another stream after the end");
        byte[] sum = stream.clone();
        sum[sum.length - 1] ^= 1;
        assertEquals(Ending.DAMAGED, refusal(sum), "a wrong checksum");
        Deflater withDictionary = new Deflater();
        withDictionary.setDictionary(text(50));
        withDictionary.setInput(text(100));
        withDictionary.finish();
        byte[] out = new byte[1000];
        assertEquals(Ending.DAMAGED, refusal(Arrays.copyOf(out, withDictionary.deflate(out))), "a dictionary");
    }

    @Test
    void aStreamThatExpandsTooFarIsStoppedSoon() throws Exception {
        byte[] bomb = deflated(new byte[64 * MIB]);
        Wire wire = new Wire(bomb, 1000);
        try (ZlibSocket socket = on(wire, Throttle.UNLIMITED)) {
            ByteBuffer buffer = ByteBuffer.allocate(10_000);
            long[] read = {0};
            Refused refused = assertThrows(Refused.class, () -> {
                while (socket.read(buffer.clear()) >= 0) {
                    read[0] += buffer.position();
                }
            });
            assertEquals(Ending.BOMB, refused.ending());
            assertTrue(read[0] <= 2 * MIB, () -> read[0] + " bytes were inflated");
        }
        try (ZlibSocket socket = on(new Wire(deflated(new byte[MIB]), 1000), Throttle.UNLIMITED)) {
            assertEquals(MIB, read(socket).length, "a small file may be all zeros");
        }
    }
}
