package flotilla.storage.local;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which file systems and which quotas of a file system uploads found full. It logs each once, and once more when
 * there is room again.
 */
final class StorageSpace {
    private static final Logger LOG = LoggerFactory.getLogger(StorageSpace.class);
    /**
     * Limit of the places that are logged: an operator reads no more. A machine has fewer file systems, but quotas of
     * homes may be more.
     */
    static final int MOST_TOLD = 100;
    /**
     * Number of bytes that must be free again, so that a rotated log elsewhere on the disk does not cause a line each
     * time.
     */
    private static final long LEAST_ROOM = 64 << 10;

    private static final long SHARE_OF_ROOM = 100;
    /** Small uploads may fit where large ones do not, so a quota causes at most one line a minute. */
    private static final long QUOTA_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path root;
    private final Map<Path, Full> full = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * A place that was found full.
     *
     * @param reason {@code NO_SPACE} or {@code DISK_QUOTA}
     * @param free largest number of free bytes with which an upload failed
     * @param since time of the first failure, as {@link System#nanoTime} gives it
     */
    private record Full(Reason reason, long free, long since) {}

    /**
     * Creates the record without full places.
     *
     * @param root the storage root; places on its file system are logged under its name
     */
    StorageSpace(Path root) {
        this.root = root;
    }

    /** Notes a failure in {@code home}. Blocks while it reads the free bytes of a full file system. */
    void failed(Path home, StorageException why) {
        if (why.reason() == Reason.DISK_QUOTA) {
            tell(home, Reason.DISK_QUOTA, why);
        } else if (why.reason() == Reason.NO_SPACE) {
            tell(store(home), Reason.NO_SPACE, why);
        }
    }

    /** Notes that an upload was stored in {@code home}, so its quota may have room again. */
    void stored(Path home) {
        Full told = full.get(home);
        if (told != null
                && told.reason() == Reason.DISK_QUOTA
                && System.nanoTime() - told.since() > QUOTA_NANOS
                && full.remove(home, told)) {
            LOG.info("the file system's quota has room again for {}", home);
        }
    }

    /** Number of file systems and quotas that were logged as full and have had no room since. */
    int count() {
        return full.size();
    }

    /**
     * Checks if full file systems have room again. May block. Only one check runs at a time, so a mount that does not
     * answer holds one thread.
     */
    void look() {
        if (full.isEmpty() || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            Iterator<Map.Entry<Path, Full>> told = full.entrySet().iterator();
            while (told.hasNext()) {
                Map.Entry<Path, Full> entry = told.next();
                if (entry.getValue().reason() == Reason.NO_SPACE) {
                    look(entry.getKey(), entry.getValue());
                }
            }
        } finally {
            looking.set(false);
        }
    }

    private void look(Path store, Full told) {
        try {
            FileStore files = Files.getFileStore(store);
            long free = files.getUsableSpace();
            if (free - told.free() >= Math.max(LEAST_ROOM, files.getTotalSpace() / SHARE_OF_ROOM)) {
                full.remove(store);
                LOG.info("the storage in {} has room again: {} bytes are free", store, free);
            }
        } catch (IOException e) {
            LOG.debug("the storage in {} cannot be asked for its free bytes", store, e);
        }
    }

    private void tell(Path place, Reason reason, StorageException why) {
        if (full.size() >= MOST_TOLD && !full.containsKey(place)) {
            return;
        }
        Full now = new Full(reason, free(place), System.nanoTime());
        Full told = full.computeIfPresent(
                place, (store, before) -> new Full(reason, Math.max(before.free(), now.free()), before.since()));
        if (told != null || full.putIfAbsent(place, now) != null) {
            return;
        }
        if (reason == Reason.DISK_QUOTA) {
            LOG.warn(
                    "a quota of the file system is used up in {}: uploads there are answered 452. {} bytes are free. Raise the quota (of the"
                            + " server's user, its group or the directory), or remove files ({})",
                    place,
                    now.free(),
                    why.getMessage());
        } else {
            LOG.warn(
                    "the storage in {} has no room for an upload, which is answered 452; so are others until it has more room. {} bytes are free. Remove files or make it"
                            + " larger; when bytes are free, it may lack inodes (df -i), or the rest is reserved for root ({})",
                    place,
                    now.free(),
                    why.getMessage());
        }
    }

    private static long free(Path place) {
        try {
            return Files.getFileStore(place).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * The storage root for a {@code home} on its file system, else the highest directory of the home's own file system.
     */
    private Path store(Path home) {
        try {
            Object device = device(home);
            if (home.startsWith(root) && device.equals(device(root))) {
                return root;
            }
            Path highest = home.toRealPath();
            for (Path above = highest.getParent(); above != null; above = above.getParent()) {
                if (!device.equals(device(above))) {
                    break;
                }
                highest = above;
            }
            return highest;
        } catch (IOException | UnsupportedOperationException unknown) {
            return home;
        }
    }

    private static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev");
    }
}
