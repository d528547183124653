package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the next ranges of an object into memory that is free. One thread uses it; the fetching runs on the threads of
 * the store.
 */
final class ReadAhead implements AutoCloseable {
    private final Bucket bucket;
    private final Facts facts;
    private final TransferMemory memory;
    private final Background background;
    private final int most;
    private final int size;
    private final ArrayDeque<Range> ranges = new ArrayDeque<>();
    private long nextStart;
    /** Bytes of memory of the range that was taken last. */
    private int taken;

    private boolean closed;

    private record Range(long start, int length, Future<byte[]> bytes) {}

    /**
     * Fetches nothing yet.
     *
     * @param start where the first range begins
     */
    ReadAhead(Bucket bucket, Facts facts, long start, TransferMemory memory, Background background) {
        this.bucket = bucket;
        this.facts = facts;
        this.memory = memory;
        this.background = background;
        this.most = bucket.settings().reads().ahead();
        this.size = bucket.settings().reads().range();
        this.nextStart = start;
    }

    /** Begins to fetch ranges, as far as there are memory and threads. Does not block. */
    void fill() {
        while (!closed && ranges.size() < most && nextStart < facts.size()) {
            long start = nextStart;
            int length = (int) Math.min(size, facts.size() - start);
            if (!memory.tryTake(length)) {
                return;
            }
            Future<byte[]> bytes = background.start(() -> fetch(start, length));
            if (bytes == null) {
                memory.give(length);
                return;
            }
            ranges.add(new Range(start, length, bytes));
            nextStart = start + length;
        }
    }

    private byte[] fetch(long start, int length) throws StorageException {
        byte[] bytes = new byte[length];
        try (Reading reading = bucket.get(facts.key(), start, length, facts.etag())) {
            int at = 0;
            while (at < length) {
                int count = reading.read(bytes, at, length - at);
                if (count < 0) {
                    throw new IOException("the answer ended early");
                }
                at += count;
            }
            reading.read(new byte[1], 0, 1); // the end of the answer: its connection then serves others
            return bytes;
        } catch (IOException e) {
            throw Failure.broken("GetObject " + facts.key(), e);
        }
    }

    /**
     * Waits for the range at a position; null when it is not fetched. Its memory stays in use up to {@link #release}.
     *
     * @throws StorageException {@code CHANGED} when the object was replaced
     */
    @Nullable ByteBuffer take(long position) throws StorageException {
        Range first = ranges.peek();
        if (first == null || first.start != position) {
            return null;
        }
        ranges.remove();
        taken = first.length;
        try {
            return ByteBuffer.wrap(first.bytes.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Reason.IO, "the read was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException failure && failure.reason() != Reason.IO) {
                throw failure.reason() == Reason.NOT_FOUND
                        ? new StorageException(Reason.CHANGED, facts.key() + " is gone", failure)
                        : failure;
            }
            release();
            return null; // it is read as it arrives, with attempts of its own
        }
    }

    /** Gives the memory of the range back that was taken last. */
    void release() {
        if (taken > 0) {
            memory.give(taken);
            taken = 0;
        }
    }

    /** Returns where the first range begins that is fetched or under way; the end of the object without one. */
    long firstStart() {
        Range first = ranges.peek();
        return first == null ? facts.size() : first.start;
    }

    /** Fetches from a position on what is not fetched yet. */
    void startAt(long position) {
        if (ranges.isEmpty()) {
            nextStart = position;
        }
    }

    @Override
    public void close() {
        closed = true;
        release();
        for (Range each : ranges) {
            background.afterwards(each.bytes, () -> memory.give(each.length));
        }
        ranges.clear();
    }
}
