package flotilla.storage.memory;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes that grow at the end and count towards a budget. A snapshot never changes: growing copies the bytes, and
 * cutting back touches only bytes that no snapshot shows.
 */
final class Content {
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private final Budget budget;
    private byte[] bytes = new byte[0];
    private int size;
    private boolean released;

    Content(Budget budget) {
        this.budget = budget;
    }

    synchronized int size() {
        return size;
    }

    /** Returns the present bytes. */
    synchronized ByteBuffer snapshot() {
        return ByteBuffer.wrap(bytes, 0, size).asReadOnlyBuffer();
    }

    /** Returns a new content with the first {@code length} bytes of this one. */
    synchronized Content copy(int length) throws StorageException {
        Content copy = new Content(budget);
        copy.append(ByteBuffer.wrap(bytes, 0, length));
        return copy;
    }

    synchronized void append(ByteBuffer buffer) throws StorageException {
        int count = buffer.remaining();
        if (released) {
            throw new StorageException(Reason.IO, "the file was removed");
        }
        if (count > MAX_SIZE - size) {
            throw new StorageException(Reason.TOO_LARGE, "a file in memory holds at most " + MAX_SIZE + " bytes");
        }
        budget.take(count);
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_SIZE, Math.max(size + count, 2L * bytes.length)));
        }
        buffer.get(bytes, size, count);
        size += count;
    }

    /** Cuts back to {@code length} bytes. Bytes that are appended later do not show in earlier snapshots. */
    synchronized void truncate(int length) {
        if (length < size && !released) {
            budget.give(size - length);
            bytes = Arrays.copyOf(bytes, length);
            size = length;
        }
    }

    /** Gives the bytes back to the budget. Present readers may continue. */
    synchronized void release() {
        if (!released) {
            released = true;
            budget.give(size);
        }
    }
}
