package flotilla.storage.memory;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;

/** Counts the bytes that may still be stored. */
final class Budget {
    private long left;

    Budget(long bytes) {
        left = bytes;
    }

    synchronized long left() {
        return left;
    }

    synchronized void take(long bytes) throws StorageException {
        if (bytes > left) {
            throw new StorageException(Reason.NO_SPACE, "no space: " + left + " bytes left, " + bytes + " asked for");
        }
        left -= bytes;
    }

    synchronized void give(long bytes) {
        left += bytes;
    }
}
