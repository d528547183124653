package flotilla.storage.s3;

import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bytes of an upload before its commit, from memory or from the object that its parts make. */
final class Review implements ByteSource {
    private final Entry entry;
    private final @Nullable InputStream memory;
    private final @Nullable Reading reading;
    private final byte[] chunk = new byte[PartBuffer.CHUNK];
    private long left;

    private Review(Entry entry, @Nullable InputStream memory, @Nullable Reading reading) {
        this.entry = entry;
        this.memory = memory;
        this.reading = reading;
        this.left = entry.size();
    }

    /**
     * Opens it.
     *
     * @param staged the object of its parts; empty when all bytes are in memory
     */
    static ByteSource of(Bucket bucket, VirtualPath file, UploadBytes bytes, Optional<Facts> staged)
            throws StorageException {
        if (staged.isEmpty() || staged.get().size() == 0) {
            Body body = bytes.buffer().body();
            return new Review(entry(file, body.size()), body.open(), null);
        }
        Facts made = staged.get();
        return new Review(entry(file, made.size()), null, bucket.get(made.key(), 0, made.size(), made.etag()));
    }

    private static Entry entry(VirtualPath file, long size) {
        return new Entry(file.name(), Entry.Type.FILE, size, System.currentTimeMillis(), 0, "");
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public int read(ByteBuffer buffer) throws StorageException {
        if (left == 0) {
            return -1;
        }
        try {
            int most = (int) Math.min(Math.min(chunk.length, buffer.remaining()), left);
            int count = reading != null ? reading.read(chunk, 0, most) : memoryOf().read(chunk, 0, most);
            if (count < 0) {
                throw new StorageException(Reason.IO, entry.name() + " ended too early");
            }
            buffer.put(chunk, 0, count);
            left -= count;
            return count;
        } catch (IOException e) {
            throw new StorageException(Reason.IO, "the connection broke: " + entry.name(), e);
        }
    }

    private InputStream memoryOf() {
        return memory == null ? InputStream.nullInputStream() : memory;
    }

    @Override
    public void close() {
        if (reading != null) {
            reading.close();
        }
    }
}
