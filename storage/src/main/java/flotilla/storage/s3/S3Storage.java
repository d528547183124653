package flotilla.storage.s3;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Capability;
import flotilla.storage.ConditionReport;
import flotilla.storage.Entry;
import flotilla.storage.EscapedName;
import flotilla.storage.Listing;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The tree of a home in a bucket. A service has no rename: a rename copies and deletes, so others may see both names for
 * a while. It stores no times and modes of files; their time is that of the object.
 */
final class S3Storage implements StorageBackend {
    private static final Set<Capability> CAPABILITIES =
            Set.of(Capability.APPEND, Capability.RESUME, Capability.NAME_ORDER);

    private final Shared shared;
    private final Tree tree;
    private final Keys keys;

    /**
     * What all homes of a store share.
     *
     * @param address text that no other store's root begins with
     * @param memory the memory for read-ahead
     * @param background the threads for read-ahead
     */
    record Shared(
            String address,
            Tree tree,
            Uploads uploads,
            Renames renames,
            TransferMemory memory,
            Background background) {}

    S3Storage(Shared shared, Keys keys) {
        this.shared = shared;
        this.tree = shared.tree();
        this.keys = keys;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Entry stat(VirtualPath path) throws StorageException {
        return tree.stat(keys, path);
    }

    @Override
    public Listing list(VirtualPath directory, Listing.Order order) throws StorageException {
        S3Listing listing = new S3Listing(tree, keys.directory(directory), Bucket.MOST_KEYS, Bucket.MOST_KEYS);
        if (!directory.isRoot() && !listing.isFound()) {
            Entry entry = tree.stat(keys, directory);
            if (!entry.isDirectory()) {
                throw new StorageException(Reason.NOT_A_DIRECTORY, directory + " is a file");
            }
        }
        return listing;
    }

    @Override
    public ByteSource read(VirtualPath file, long offset) throws StorageException {
        String key = keys.file(file);
        if (file.isRoot()) {
            throw new StorageException(Reason.IS_A_DIRECTORY, "the root is a directory");
        }
        try {
            return S3Source.open(tree, key, file.name(), offset, shared.memory(), shared.background());
        } catch (StorageException e) {
            if (e.reason() == Reason.NOT_FOUND && tree.isDirectory(key + "/")) {
                throw new StorageException(Reason.IS_A_DIRECTORY, file + " is a directory", e);
            }
            throw e.reason() == Reason.NOT_FOUND ? tree.missing(keys, file) : e;
        }
    }

    @Override
    public ByteSink write(VirtualPath file, WriteMode mode) throws StorageException {
        return shared.uploads().write(keys, file, mode);
    }

    @Override
    public UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException {
        return shared.uploads().check(keys, file, mode, nameOf(file));
    }

    @Override
    public void beginReplacing(VirtualPath file) throws StorageException {
        shared.uploads().beginReplacing(keys, file);
    }

    @Override
    public String lockName(VirtualPath path) throws StorageException {
        tree.checkParent(keys, path);
        return nameOf(path);
    }

    private String nameOf(VirtualPath path) throws StorageException {
        String key = keys.file(path);
        return shared.address() + (key.endsWith("/") ? key.substring(0, key.length() - 1) : key);
    }

    @Override
    public OptionalLong partSize(VirtualPath file) throws StorageException {
        return shared.uploads().partSize(keys, file);
    }

    @Override
    public Entry makeDirectory(VirtualPath directory) throws StorageException {
        String marker = keys.directory(directory);
        if (directory.isRoot() || isTaken(directory)) {
            throw new StorageException(Reason.ALREADY_EXISTS, directory + " exists");
        }
        EscapedName.checkNew(directory);
        tree.bucket().put(marker, Body.EMPTY, Map.of(), Condition.none());
        tree.exists(marker);
        shared.uploads().directoriesChanged();
        return tree.directory(directory.name(), marker);
    }

    private boolean isTaken(VirtualPath path) throws StorageException {
        try {
            return tree.find(keys, path).isPresent();
        } catch (StorageException e) {
            if (e.reason() == Reason.IS_A_DIRECTORY) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public Optional<Long> delete(VirtualPath file) throws StorageException {
        Optional<Facts> found = tree.find(keys, file);
        String key = keys.file(file);
        boolean part = shared.uploads().drop(key);
        if (found.isEmpty()) {
            if (part) {
                return Optional.empty();
            }
            throw new StorageException(Reason.NOT_FOUND, file + " does not exist");
        }
        tree.keep(keys, file.parent());
        tree.bucket().delete(key);
        return Optional.of(found.get().size());
    }

    @Override
    public void removeDirectory(VirtualPath directory) throws StorageException {
        String marker = keys.directory(directory);
        if (directory.isRoot()) {
            throw new StorageException(Reason.ACCESS_DENIED, "the root cannot be removed");
        }
        if (!tree.stat(keys, directory).isDirectory()) {
            throw new StorageException(Reason.NOT_A_DIRECTORY, directory + " is a file");
        }
        if (!tree.isEmpty(marker)) {
            throw new StorageException(Reason.NOT_EMPTY, directory + " is not empty");
        }
        shared.uploads().dropBelow(marker);
        tree.forget(marker);
        shared.uploads().directoriesChanged();
        tree.keep(keys, directory.parent());
        tree.bucket().delete(marker);
    }

    @Override
    public Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        return shared.renames().rename(keys, from, identity, to, replace);
    }

    @Override
    public Optional<ConditionReport> tryConditions() throws StorageException {
        Bucket bucket = tree.bucket();
        return bucket.settings().objects().conditionalWrites()
                ? Optional.of(new ConditionProbe(bucket).run())
                : Optional.empty();
    }

    @Override
    public int sweepParts(Duration age) throws StorageException {
        shared.renames().finishBroken();
        return shared.uploads().sweep(keys, age);
    }

    /** Has no effect: all homes share what is open. */
    @Override
    public void close() {}
}
