package flotilla.storage.s3;

import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.util.Map;
import java.util.Optional;

/**
 * Files and directories over the keys of a bucket. A directory exists when it has a marker, an empty object with a slash
 * at the end of its key, or when any key lies below it. The root of a home always exists. Where an object has the name
 * of a directory, too, it counts as a file. Many threads use it at once.
 */
final class Tree {
    /** The last character before a slash, and the last one of all: keys after both are those below a directory. */
    private static final String BEFORE_SLASH = "." + Character.toString(Character.MAX_CODE_POINT);

    /** Keys of a request for one name: those of neighbours such as name.txt may lie before what is below a directory. */
    private static final int FIRST_KEYS = 20;

    private final Bucket bucket;
    private final S3Settings.Shown shown;
    private final KnownDirectories known = new KnownDirectories(System::nanoTime);
    private final KnownDirectories marked = new KnownDirectories(System::nanoTime);

    Tree(Bucket bucket) {
        this.bucket = bucket;
        this.shown = bucket.settings().shown();
    }

    Bucket bucket() {
        return bucket;
    }

    Entry file(String name, Facts facts) {
        return new Entry(
                name, Entry.Type.FILE, facts.size(), facts.modifiedMillis(), shown.fileMode(), facts.identity());
    }

    /**
     * Returns the entry of a directory.
     *
     * @param key key of its marker, which is its identity
     */
    Entry directory(String name, String key) {
        return new Entry(name, Entry.Type.DIRECTORY, 0, 0, shown.directoryMode(), key);
    }

    /** Returns the file or directory at a path. */
    Entry stat(Keys keys, VirtualPath path) throws StorageException {
        String key = keys.file(path);
        if (path.isRoot()) {
            return directory("", keys.root());
        }
        Optional<Facts> file = head(keys, path);
        if (file.isPresent()) {
            return file(path.name(), file.get());
        }
        if (isDirectory(key + "/")) {
            return directory(path.name(), key + "/");
        }
        throw missing(keys, path);
    }

    /** A service over a file system answers 500 when a file is where a directory must be. */
    private Optional<Facts> head(Keys keys, VirtualPath path) throws StorageException {
        try {
            return bucket.head(keys.file(path));
        } catch (StorageException e) {
            if (Failure.isServerError(e)
                    && !path.parent().isRoot()
                    && head(keys, path.parent()).isPresent()) {
                throw new StorageException(Reason.NOT_A_DIRECTORY, path.parent() + " is a file", e);
            }
            throw e;
        }
    }

    /**
     * Returns the file at a path; empty when its name is free in a directory that exists.
     *
     * @throws StorageException {@code IS_A_DIRECTORY} for a directory, {@code NOT_FOUND} or {@code NOT_A_DIRECTORY} when
     *     there is no directory for it
     */
    Optional<Facts> find(Keys keys, VirtualPath path) throws StorageException {
        String key = keys.file(path);
        if (path.isRoot()) {
            throw new StorageException(Reason.IS_A_DIRECTORY, "the root is a directory");
        }
        Optional<Facts> file = head(keys, path);
        if (file.isEmpty()) {
            if (isDirectory(key + "/")) {
                throw new StorageException(Reason.IS_A_DIRECTORY, path + " is a directory");
            }
            checkParent(keys, path);
        }
        return file;
    }

    /**
     * What has a name.
     *
     * @param file the object; empty when there is none
     * @param directory whether there is a directory
     */
    record Named(Optional<Facts> file, boolean directory) {}

    /**
     * Returns what has a name, mostly with one request: the object is the first one of those that begin with its key, and
     * what lies below a directory comes soon after it.
     */
    Named named(String key) throws StorageException {
        String marker = key + "/";
        Page page = bucket.list(key, true, null, FIRST_KEYS);
        Optional<Facts> file =
                page.objects().stream().filter(each -> each.key().equals(key)).findFirst();
        boolean found = page.prefixes().contains(marker)
                || page.objects().stream().anyMatch(each -> each.key().equals(marker));
        boolean isPast = page.token() == null
                || page.objects().stream().anyMatch(each -> each.key().compareTo(marker) > 0)
                || page.prefixes().stream().anyMatch(each -> each.compareTo(marker) > 0);
        return new Named(file, found || !isPast && isDirectory(marker));
    }

    /** Returns whether a directory exists, by the key of its marker. */
    boolean isDirectory(String key) throws StorageException {
        String name = key.substring(0, key.length() - 1);
        Page page = bucket.list(name, true, name + BEFORE_SLASH, null, 1);
        boolean found = page.prefixes().contains(key)
                || page.objects().stream().anyMatch(each -> each.key().equals(key));
        if (found) {
            known.add(key);
        }
        return found;
    }

    /**
     * Checks if the directory of a path exists.
     *
     * @throws StorageException {@code NOT_FOUND}; {@code NOT_A_DIRECTORY} when a file is in the way
     */
    void checkParent(Keys keys, VirtualPath path) throws StorageException {
        VirtualPath parent = path.parent();
        if (parent.isRoot() || known.has(keys.directory(parent)) || isDirectory(keys.directory(parent))) {
            return;
        }
        for (VirtualPath above = parent; !above.isRoot(); above = above.parent()) {
            if (head(keys, above).isPresent()) {
                throw new StorageException(Reason.NOT_A_DIRECTORY, above + " is a file");
            }
            if (isDirectory(keys.directory(above))) {
                break;
            }
        }
        throw new StorageException(Reason.NOT_FOUND, parent + " does not exist");
    }

    /** Returns the failure for a path that has neither file nor directory. */
    StorageException missing(Keys keys, VirtualPath path) throws StorageException {
        checkParent(keys, path);
        return new StorageException(Reason.NOT_FOUND, path + " does not exist");
    }

    /** Makes sure that a directory stays when it has no files any more. */
    void keep(Keys keys, VirtualPath directory) throws StorageException {
        if (directory.isRoot() || marked.has(keys.directory(directory))) {
            return;
        }
        String marker = keys.directory(directory);
        if (bucket.head(marker).isEmpty()) {
            bucket.put(marker, Body.EMPTY, Map.of(), Condition.none());
        }
        exists(marker);
    }

    /** Takes a directory that has its marker now. */
    void exists(String marker) {
        known.add(marker);
        marked.add(marker);
    }

    /** Forgets a directory that is gone, and those below it. */
    void forget(String marker) {
        known.forget(marker);
        marked.forget(marker);
    }

    /** Returns whether nothing but its marker lies below a directory. */
    boolean isEmpty(String marker) throws StorageException {
        Page page = bucket.list(marker, false, null, 2);
        return page.objects().stream().allMatch(each -> each.key().equals(marker)) && page.token() == null;
    }
}
