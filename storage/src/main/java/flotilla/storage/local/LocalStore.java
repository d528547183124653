package flotilla.storage.local;

import flotilla.storage.ListingMemory;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * The homes on local or mounted file systems. A home is an absolute path, or lies below the root and is created when it
 * is missing. The homes used last stay open.
 */
public final class LocalStore implements Store {
    private final Path root;
    private final LocalOptions options;
    private final int openHomes;
    private final ListingMemory listings;
    private final StorageSpace space;
    /** In the order of use, the least recent first. */
    private final LinkedHashMap<Key, LocalStorage> opened = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(String home, boolean followsLinks) {}

    /**
     * Creates the store and opens nothing.
     *
     * @param root directory of the homes that are not absolute; absolute itself
     * @param options options of all homes
     * @param openHomes number of homes that stay open; others are open only while they are used
     */
    public LocalStore(Path root, LocalOptions options, ListingMemory listings, int openHomes) {
        this.listings = listings;
        this.openHomes = openHomes;
        this.root = root;
        this.space = new StorageSpace(root);
        this.options = options;
    }

    @Override
    public StorageBackend home(String path, boolean followLinks) throws StorageException {
        Key key = new Key(path, options.followLinks() && followLinks);
        synchronized (opened) {
            LocalStorage known = opened.get(key);
            if (known != null) {
                return known;
            }
        }
        LocalStorage fresh = LocalStorage.open(directory(path), options.withFollowLinks(key.followsLinks()), listings);
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

    private Path directory(String home) throws StorageException {
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
    public void failed(String path, StorageException why) {
        space.failed(root.resolve(path).normalize(), why);
    }

    @Override
    public void stored(String path) {
        space.stored(root.resolve(path).normalize());
    }

    /** Returns the number of file systems, and of quotas of file systems, that uploads found full. */
    @Override
    public int full() {
        return space.count();
    }

    @Override
    public void lookForRoom() {
        space.look();
    }

    @Override
    public void close() {
        synchronized (opened) {
            opened.values().forEach(LocalStorage::close);
            opened.clear();
        }
    }
}
