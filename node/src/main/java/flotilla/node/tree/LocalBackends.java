package flotilla.node.tree;

import flotilla.storage.ListingMemory;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.local.LocalOptions;
import flotilla.storage.local.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens homes on local or mounted file systems. A home is absolute, or below the storage root, where it is created when
 * it is missing. The backends of the homes used last stay open.
 */
public final class LocalBackends implements Backends {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBackends.class);

    private final Path root;
    private final LocalOptions options;
    private final Executor blocking;
    private final int openHomes;
    private final ListingMemory listings;
    private final StorageSpace space;
    /** Ordered by use, the least recent first. */
    private final LinkedHashMap<Key, LocalStorage> opened = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(String home, boolean followsLinks) {}

    /**
     * Creates the opener.
     *
     * @param root the storage root, for homes that are not absolute
     * @param options options of all homes; a mount decides on {@code followLinks}
     * @param listings the memory of all listings of this node
     * @param openHomes number of homes that stay open; others are open only while they are used
     * @param blocking runs the checks for room
     */
    public LocalBackends(Path root, LocalOptions options, ListingMemory listings, int openHomes, Executor blocking) {
        this.listings = listings;
        this.openHomes = openHomes;
        this.root = root;
        this.space = new StorageSpace(root);
        this.options = options;
        this.blocking = blocking;
    }

    @Override
    public StorageBackend open(Mount mount) throws StorageException {
        Key key = new Key(mount.home(), options.followLinks() && mount.followsLinks());
        synchronized (opened) {
            LocalStorage known = opened.get(key);
            if (known != null) {
                return known;
            }
        }
        Path home = home(mount.home());
        LocalOptions chosen = options.withFollowLinks(key.followsLinks());
        LocalStorage fresh = LocalStorage.open(home, chosen, listings);
        synchronized (opened) {
            LocalStorage first = opened.putIfAbsent(key, fresh);
            if (first != null) {
                fresh.close();
                return first;
            }
            retireEldest();
        }
        return fresh;
    }

    private void retireEldest() {
        Iterator<LocalStorage> eldest = opened.values().iterator();
        while (opened.size() > openHomes) {
            eldest.next().retire();
            eldest.remove();
        }
    }

    private Path home(String home) throws StorageException {
        Path path = Path.of(home);
        if (path.isAbsolute()) {
            return path;
        }
        Path below = root.resolve(path).normalize();
        if (!below.startsWith(root)) {
            throw new StorageException(Reason.ACCESS_DENIED, "home " + home + " leads out of the storage root");
        }
        try {
            Files.createDirectories(below);
        } catch (IOException e) {
            throw new StorageException(Reason.IO, "home " + below + " cannot be made: " + e, e);
        }
        return below;
    }

    @Override
    public void failed(Mount mount, StorageException why) {
        space.failed(root.resolve(mount.home()).normalize(), why);
    }

    @Override
    public void stored(Mount mount) {
        space.stored(root.resolve(mount.home()).normalize());
    }

    /** Checks on the blocking executor if full file systems have room again. */
    public void lookForRoom() {
        if (space.count() > 0) {
            try {
                blocking.execute(space::look);
            } catch (RejectedExecutionException busy) {
                LOG.debug("no thread to look for room", busy); // the next check will do
            }
        }
    }

    /**
     * Number of file systems, and of quotas of file systems, that uploads found full and that have had no room since.
     */
    public int full() {
        return space.count();
    }

    @Override
    public void close() {
        synchronized (opened) {
            opened.values().forEach(LocalStorage::close);
            opened.clear();
        }
    }
}
