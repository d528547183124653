package flotilla.node.data;

import flotilla.node.data.Throttles.Throttle;
import flotilla.node.transfer.TransferResult.Ending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A data connection in MODE Z (draft-preston-ftpext-deflate): one zlib stream (RFC 1950) in each direction. Memory is
 * that of zlib (at most 300 KiB) and one buffer, for streams of any length. Rates count the compressed bytes.
 */
final class ZlibSocket implements DataSocket, AutoCloseable {
    /** Number of compressed bytes that are sent at once. */
    private static final int OUTPUT = 32 * 1024;
    /** Number of inflated bytes from which on the ratio is checked: the beginning of a file says little about it. */
    private static final long FREE = 1 << 20;

    private final DataSocket wire;
    private final Throttle throttle;
    private final Runnable waiting;
    private final int maxRatio;
    private final Deflater deflater;
    private final Inflater inflater = new Inflater();
    private final ByteBuffer output = ByteBuffer.allocate(OUTPUT);
    private final ByteBuffer input;

    /**
     * Puts compression on a data connection.
     *
     * @param level 1 (fast) to 9 (small)
     * @param maxRatio most inflated bytes for each byte of the client, after the first MiB
     * @param first compressed bytes that came with the handshake; they are copied
     * @param room size of the buffer for compressed input, in bytes; holds a whole TLS record and {@code first}
     * @param throttle slows the compressed bytes down
     * @param waiting called at least every second while the throttle waits
     */
    ZlibSocket(
            DataSocket wire, int level, int maxRatio, ByteBuffer first, int room, Throttle throttle, Runnable waiting) {
        this.wire = wire;
        this.throttle = throttle;
        this.waiting = waiting;
        this.maxRatio = maxRatio;
        this.deflater = new Deflater(level);
        this.input = ByteBuffer.allocate(room).put(first).flip();
    }

    /**
     * Inflates at least one byte into {@code buffer}, or returns -1 at the end of the connection.
     *
     * @throws Refused when the stream is no zlib stream, is not whole, expands too far, or when bytes come after it
     */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        while (true) {
            int count = inflate(buffer);
            if (count > 0) {
                return count;
            }
            if (inflater.finished() && input.hasRemaining()) {
                throw new Refused(Ending.DAMAGED, "bytes came after the end of the compressed stream");
            }
            if (!fill()) {
                if (!inflater.finished()) {
                    throw new Refused(Ending.CUT, "the compressed stream is not whole");
                }
                return -1;
            }
        }
    }

    private int inflate(ByteBuffer buffer) throws Refused {
        int count;
        try {
            inflater.setInput(input);
            count = inflater.inflate(buffer);
        } catch (DataFormatException e) {
            throw new Refused(Ending.DAMAGED, "the compressed stream is damaged: " + e.getMessage());
        }
        if (inflater.needsDictionary()) {
            throw new Refused(Ending.DAMAGED, "the compressed stream needs a dictionary");
        }
        long inflated = inflater.getBytesWritten();
        if (inflated > FREE && inflated / maxRatio > inflater.getBytesRead()) {
            throw new Refused(Ending.BOMB, inflated + " bytes came of " + inflater.getBytesRead());
        }
        return count;
    }

    private boolean fill() throws IOException {
        if (input.hasRemaining()) {
            return true;
        }
        int count;
        try {
            count = wire.read(input.clear());
        } finally {
            input.flip();
        }
        if (count > 0) {
            throttle.await(count, waiting);
        }
        return count >= 0;
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
        deflater.setInput(buffer);
        while (!deflater.needsInput()) {
            deflate();
        }
    }

    /** Moves on by one step. Sends the output when it is full. */
    private void deflate() throws IOException {
        deflater.deflate(output);
        if (!output.hasRemaining()) {
            send();
        }
    }

    private void send() throws IOException {
        output.flip();
        throttle.await(output.remaining(), waiting);
        wire.write(output);
        output.clear();
    }

    @Override
    public void finish(ByteBuffer buffer) throws IOException {
        deflater.setInput(buffer);
        deflater.finish();
        while (!deflater.finished()) {
            deflate();
        }
        output.flip();
        throttle.await(output.remaining(), waiting);
        wire.finish(output);
    }

    @Override
    public void acknowledgeEnd() {
        wire.acknowledgeEnd();
    }

    @Override
    public boolean endedCleanly() {
        return wire.endedCleanly();
    }

    /** Frees the memory of zlib. The connection stays open. */
    @Override
    public void close() {
        inflater.end();
        deflater.end();
    }
}
