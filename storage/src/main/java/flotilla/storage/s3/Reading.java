package flotilla.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;

/** The answer to a read: facts of the whole object, and bytes that still arrive. One thread uses it. */
final class Reading implements AutoCloseable {
    private final Facts facts;
    private final InputStream bytes;
    private final Runnable abort;
    private final IntConsumer moved;
    private boolean ended;

    /**
     * Creates the reading.
     *
     * @param facts facts of the object; their size is that of the whole object
     * @param abort ends the connection without reading the rest
     * @param moved takes the number of bytes of each read
     */
    Reading(Facts facts, InputStream bytes, Runnable abort, IntConsumer moved) {
        this.facts = facts;
        this.bytes = bytes;
        this.abort = abort;
        this.moved = moved;
    }

    Facts facts() {
        return facts;
    }

    /**
     * Reads bytes; -1 at the end. Blocks.
     *
     * @throws IOException when the connection breaks
     */
    int read(byte[] target, int offset, int length) throws IOException {
        int count = bytes.read(target, offset, length);
        ended = ended || count < 0;
        moved.accept(Math.max(0, count));
        return count;
    }

    /** Ends the reading. The connection serves others only when all bytes were read. */
    @Override
    public void close() {
        try {
            if (ended) {
                bytes.close();
                return;
            }
        } catch (IOException e) {
            // The connection is of no more use.
        }
        abort.run();
    }
}
