package flotilla.storage.sealed;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of files that cannot be opened, in one line of the log a minute for each store. */
final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
    private static final long EVERY = Duration.ofMinutes(1).toNanos();

    private final String store;
    private long toldAt = System.nanoTime() - EVERY;
    private long leftOut;

    /** @param store name of the store; empty for the default store */
    Damage(String store) {
        this.store = store.isEmpty() ? "the default store" : "the store " + store;
    }

    /** Returns the failure for a file, and logs it unless another one was logged a short time ago. */
    StorageException of(VirtualPath file, IOException cause) {
        if (cause.getCause() instanceof StorageException storage) {
            return storage;
        }
        String what = file + " of " + store + " cannot be opened: it is damaged, not sealed, or sealed with a key that"
                + " encryption.key-file does not have";
        tell(what);
        return new StorageException(Reason.IO, what, cause);
    }

    private synchronized void tell(String what) {
        long now = System.nanoTime();
        if (now - toldAt < EVERY) {
            leftOut++;
            return;
        }
        LOG.warn("{}{}", what, leftOut == 0 ? "" : " (" + leftOut + " more like it since the last line)");
        toldAt = now;
        leftOut = 0;
    }
}
