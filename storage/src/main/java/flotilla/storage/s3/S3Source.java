package flotilla.storage.s3;

import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object by ranges, each under the condition that the object is still the one that was opened. The first range
 * is read as it arrives. Later ones are fetched ahead into memory; where none is free, they are read as they arrive,
 * too. A reader that finds all connections for that in use reads small ranges and holds none.
 */
final class S3Source implements ByteSource {
    /** Bytes of a range where there is no connection that a slow client may hold. */
    private static final int SMALL = 64 * 1024;
    /** Attempts to go on after a broken connection, without a byte between them. */
    private static final int ATTEMPTS = 3;

    private final Bucket bucket;
    private final Facts facts;
    private final Entry entry;
    private final ReadAhead ahead;
    private final Semaphore streams;
    private boolean streaming;
    private final byte[] copied = new byte[16 * 1024];
    private long position;
    private @Nullable Reading stream;
    /** The end of the range that {@link #stream} carries. */
    private long streamEnd;

    private @Nullable ByteBuffer range;
    private int failures;

    private S3Source(Bucket bucket, Facts facts, Entry entry, ReadAhead ahead, Semaphore streams, long position) {
        this.streams = streams;
        this.bucket = bucket;
        this.facts = facts;
        this.entry = entry;
        this.ahead = ahead;
        this.position = position;
    }

    /**
     * Opens an object.
     *
     * @param name the name that its entry has
     * @throws StorageException {@code NOT_FOUND}, or {@code OFFSET_OUT_OF_RANGE} beyond its end
     */
    static S3Source open(Tree tree, String key, String name, long offset, TransferMemory memory, Background background)
            throws StorageException {
        if (offset < 0) {
            throw new StorageException(Reason.OFFSET_OUT_OF_RANGE, "no offset is negative");
        }
        Bucket bucket = tree.bucket();
        Semaphore streams = background.streams();
        boolean streaming = streams.tryAcquire();
        int size = streaming ? bucket.settings().reads().range() : SMALL;
        S3Source source = null;
        try {
            Reading reading = bucket.get(key, offset, size, null);
            Facts facts = reading.facts();
            long end = Math.min(offset + size, facts.size());
            ReadAhead ahead = new ReadAhead(bucket, facts, end, memory, background);
            source = new S3Source(bucket, facts, tree.file(name, facts), ahead, streams, offset);
            source.begin(reading, end, streaming);
            return source;
        } catch (StorageException e) {
            if (e.reason() != Reason.OFFSET_OUT_OF_RANGE) {
                throw e;
            }
            Facts end = bucket.head(key).filter(found -> found.size() == offset).orElseThrow(() -> e);
            ReadAhead ahead = new ReadAhead(bucket, end, offset, memory, background);
            return new S3Source(bucket, end, tree.file(name, end), ahead, streams, offset);
        } finally {
            if (source == null && streaming) {
                streams.release();
            }
        }
    }

    /** Reads an answer as the client takes it, or all of it at once when the connection may not wait for the client. */
    private void begin(Reading reading, long end, boolean waits) throws StorageException {
        stream = reading;
        streamEnd = end;
        streaming = waits;
        if (waits) {
            return;
        }
        byte[] bytes = new byte[(int) (end - position)];
        try {
            int at = 0;
            while (at < bytes.length) {
                int count = reading.read(bytes, at, bytes.length - at);
                if (count < 0) {
                    throw new IOException("the answer ended early");
                }
                at += count;
            }
            failures = 0;
            range = ByteBuffer.wrap(bytes);
            drain(reading);
        } catch (IOException e) {
            broke(e);
        }
    }

    private void broke(IOException e) throws StorageException {
        closeStream();
        if (++failures > ATTEMPTS) {
            throw Failure.broken("GetObject " + facts.key(), e);
        }
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public int read(ByteBuffer buffer) throws StorageException {
        if (position >= facts.size()) {
            close();
            return -1;
        }
        int count = 0;
        while (count == 0 && buffer.hasRemaining()) {
            ahead.fill();
            ByteBuffer ready = range;
            if (ready != null && ready.hasRemaining()) {
                count = moved(ready, buffer);
            } else if (stream != null) {
                count = streamed(buffer);
            } else {
                next();
            }
        }
        position += count;
        return count;
    }

    private static int moved(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        to.put(from.slice(from.position(), count));
        from.position(from.position() + count);
        return count;
    }

    /** Turns to the next range: one that was fetched ahead, or the rest of the object as it arrives. */
    private void next() throws StorageException {
        ahead.release();
        range = ahead.take(position);
        if (range == null) {
            boolean waits = streams.tryAcquire();
            int size = waits ? bucket.settings().reads().range() : SMALL;
            long end = Math.min(position + size, ahead.firstStart());
            Reading reading = null;
            try {
                reading = reopened(end - position);
            } finally {
                if (reading == null && waits) {
                    streams.release();
                }
            }
            ahead.startAt(end);
            begin(reading, end, waits);
        }
    }

    private Reading reopened(long length) throws StorageException {
        try {
            return bucket.get(facts.key(), position, length, facts.etag());
        } catch (StorageException e) {
            throw e.reason() == Reason.NOT_FOUND || e.reason() == Reason.OFFSET_OUT_OF_RANGE
                    ? new StorageException(Reason.CHANGED, facts.key() + " is gone", e)
                    : e;
        }
    }

    /** Reads what arrives; 0 when there is nothing more in this range, or when the connection broke. */
    private int streamed(ByteBuffer buffer) throws StorageException {
        Reading reading = stream;
        long left = streamEnd - position;
        if (reading == null || left == 0) {
            closeStream();
            return 0;
        }
        int most = (int) Math.min(Math.min(copied.length, buffer.remaining()), left);
        try {
            int count = reading.read(copied, 0, most);
            if (count > 0) {
                failures = 0;
                buffer.put(copied, 0, count);
                if (count == left) {
                    drain(reading);
                }
                return count;
            }
            throw new IOException("the answer ended early");
        } catch (IOException e) {
            broke(e);
            return 0;
        }
    }

    /**
     * Takes the end of the answer, so that its connection serves another request. All bytes are there already, so a
     * connection that breaks now must not make anybody read them again.
     */
    private void drain(Reading reading) {
        try {
            reading.read(copied, 0, 1);
        } catch (IOException e) {
            // Closing the answer ends the connection.
        }
        closeStream();
    }

    private void closeStream() {
        Reading reading = stream;
        stream = null;
        if (reading != null) {
            reading.close();
        }
        if (streaming) {
            streaming = false;
            streams.release();
        }
    }

    @Override
    public void close() {
        closeStream();
        range = null;
        ahead.close();
    }
}
