package flotilla.node.tree;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.local.LocalOptions;
import flotilla.storage.local.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Homes on local or mounted file systems: absolute, or below the storage root, where they are made when they are missing. Keeps the
 * backends of the homes used last.
 */
public final class LocalBackends implements Backends {
    private static final int MAX_KEPT = 4096;

    private final Path root;
    private final LocalOptions options;
    private final Executor blocking;
    private final Map<Key, Opened> opened = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Opened> eldest) {
            return size() > MAX_KEPT;
        }
    };

    private record Key(String home, boolean followsLinks) {}

    private record Opened(StorageBackend shared, StorageBackend direct) {}

    /** @param root storage root, for homes that are not absolute; @param options {@code followLinks} is decided by the mount */
    public LocalBackends(Path root, LocalOptions options, Executor blocking) {
        this.root = root;
        this.options = options;
        this.blocking = blocking;
    }

    @Override
    public StorageBackend shared(Mount mount) throws StorageException {
        return open(mount).shared();
    }

    @Override
    public StorageBackend direct(Mount mount) throws StorageException {
        return open(mount).direct();
    }

    private Opened open(Mount mount) throws StorageException {
        Key key = new Key(mount.home(), options.followLinks() && mount.followsLinks());
        synchronized (opened) {
            Opened known = opened.get(key);
            if (known != null) {
                return known;
            }
        }
        Path home = home(mount.home());
        LocalOptions chosen = options.withFollowLinks(key.followsLinks());
        LocalStorage shared = LocalStorage.open(home, chosen, blocking);
        Opened fresh = new Opened(shared, shared.on(Runnable::run));
        synchronized (opened) {
            opened.put(key, fresh);
        }
        return fresh;
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
            throw new StorageException(Reason.IO, "home " + below + " cannot be made", e);
        }
        return below;
    }

    /** Removes old parts in every home that was used. */
    public void sweep(Duration age) {
        java.util.List<Opened> all;
        synchronized (opened) {
            all = java.util.List.copyOf(opened.values());
        }
        all.forEach(home -> home.shared().sweepParts(age));
    }

    @Override
    public void close() {
        synchronized (opened) {
            opened.values().forEach(home -> {
                home.shared().close();
                home.direct().close();
            });
            opened.clear();
        }
    }
}
