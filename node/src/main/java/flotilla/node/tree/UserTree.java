package flotilla.node.tree;

import flotilla.cluster.Permission;
import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A backend behind a user's permissions, so that no command and no transfer can forget a check. Every method blocks, as the backend's
 * do, and throws {@link StorageException}: with {@code ACCESS_DENIED} when the permissions forbid the operation, with {@code UNSUPPORTED} when the
 * backend has no capability for it, else as the backend does.
 */
public final class UserTree {
    private static final int PAGE = 512;

    private final StorageBackend backend;
    private final Mount mount;

    public UserTree(StorageBackend backend, Mount mount) {
        this.backend = mount.modes().map(backend::creating).orElse(backend);
        this.mount = mount;
    }

    /**
     * The whole tree of a user, with his mounts.
     *
     * @throws StorageException when the home cannot be opened and there are no mounts; with mounts, each path fails by
     *     itself
     */
    public static UserTree open(Backends backends, Mount mount) throws StorageException {
        return new UserTree(
                mount.mounts().isEmpty() ? backends.open(mount) : new Forest(backends, mount, Optional.empty()), mount);
    }

    /** Checks that the home can be opened. */
    public void openHome() throws StorageException {
        if (backend instanceof Forest forest) {
            forest.openHome();
        }
    }

    /** The home and permissions of the user. */
    public Mount mount() {
        return mount;
    }

    /** As {@link StorageBackend#capabilities}. */
    public Set<Capability> capabilities() {
        return backend.capabilities();
    }

    /** As {@link StorageBackend#capabilities(VirtualPath)}. */
    public Set<Capability> capabilities(VirtualPath path) {
        return backend.capabilities(path);
    }

    /** The same tree after SITE UMASK; see {@link Mount#masked}. */
    public UserTree masked(String umask) {
        return umask.isEmpty() ? this : new UserTree(backend, mount.masked(umask));
    }

    /**
     * Checks that the modes of new entries can be set here, as SITE UMASK asks.
     *
     * @param change whether the umask is to be set. That needs the permission to change attributes in the whole home.
     */
    public void checkUmask(boolean change) throws StorageException {
        require(!change || mount.allows(Permission.CHANGE_ATTRIBUTES, VirtualPath.ROOT));
        needs(Capability.SET_MODE, backend.capabilities());
    }

    private static void needs(Capability capability, Set<Capability> known) throws StorageException {
        if (!known.contains(capability)) {
            throw new StorageException(Reason.UNSUPPORTED, "this store lacks " + capability);
        }
    }

    private void needsFor(VirtualPath path, WriteMode mode) throws StorageException {
        if (mode.kind() == WriteMode.Kind.APPEND) {
            needs(Capability.APPEND, backend.capabilities(path));
        } else if (mode.kind() == WriteMode.Kind.RESUME && mode.offset() > 0) {
            needs(Capability.RESUME, backend.capabilities(path));
        }
    }

    /** As {@link StorageBackend#stat}. */
    public Entry stat(VirtualPath path) throws StorageException {
        require(mayLookAt(path));
        return backend.stat(path);
    }

    /** As {@link StorageBackend#list}. */
    public Listing list(VirtualPath directory, Listing.Order order) throws StorageException {
        require(mount.allows(Permission.LIST, directory));
        return backend.list(directory, order);
    }

    /** As {@link StorageBackend#read}. */
    public ByteSource read(VirtualPath file, long offset) throws StorageException {
        require(mount.allows(Permission.READ, file));
        return backend.read(file, offset);
    }

    /** As {@link StorageBackend#write}. A user without DELETE permission cannot replace a file. */
    public ByteSink write(VirtualPath file, WriteMode mode) throws StorageException {
        require(mayWrite(file, mode));
        needsFor(file, mode);
        return backend.write(
                file, mode.kind() == WriteMode.Kind.REPLACE && !mayReplace(file) ? mode.createNew() : mode);
    }

    /** The entry of a directory that the user may list, or of any other entry except a broken link. */
    public Entry listable(VirtualPath path) throws StorageException {
        Entry entry = stat(path);
        require(!entry.isLink() && (!entry.isDirectory() || mount.allows(Permission.LIST, path)));
        return entry;
    }

    /** The entry of a file that the user may read. */
    public Entry readable(VirtualPath file) throws StorageException {
        require(mount.allows(Permission.READ, file));
        return backend.stat(file);
    }

    /** Checks if an upload may begin, and where it would begin. Changes nothing; fails as {@link #write} would. */
    public UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException {
        require(mayWrite(file, mode));
        needsFor(file, mode);
        UploadCheck check = backend.checkWrite(file, mode);
        require(check.existing().isEmpty() || mode.kind() == WriteMode.Kind.APPEND || mayReplace(file));
        return check;
    }

    /** As {@link StorageBackend#beginReplacing}, for an upload that was checked. */
    public void beginReplacing(VirtualPath file) throws StorageException {
        require(mount.allows(Permission.WRITE, file));
        backend.beginReplacing(file);
    }

    /** The name of the lock under which writers of {@code path} exclude each other. */
    public String lockName(VirtualPath path) throws StorageException {
        require(mayLookAt(path) || mayChange(path));
        return backend.lockName(path);
    }

    /**
     * The names of the locks under which a rename happens: those of {@code from} and {@code to}.
     *
     * @throws StorageException {@code CROSS_DEVICE} when they are in different trees, {@code MOUNT_POINT} when one is a
     *     mount
     */
    public List<String> renameLocks(VirtualPath from, VirtualPath to) throws StorageException {
        require(mayLookAt(from) || mayChange(from));
        require(mayLookAt(to) || mayChange(to));
        mount.mounts().checkRename(from, to);
        return List.of(backend.lockName(from), backend.lockName(to));
    }

    /** The name of the lock of a directory, also of a mount: where it lies in its store. */
    public String placeName(VirtualPath directory) throws StorageException {
        require(mayLookAt(directory));
        return backend instanceof Forest forest ? forest.placeName(directory) : backend.lockName(directory);
    }

    /** Returns true when a name in {@code directory} matches. */
    public boolean anyMatch(VirtualPath directory, Predicate<String> pattern) throws StorageException {
        try (Listing listing = list(directory, Listing.Order.NONE)) {
            for (List<Entry> page = listing.next(PAGE); !page.isEmpty(); page = listing.next(PAGE)) {
                if (page.stream().anyMatch(entry -> pattern.test(entry.name()))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** As {@link StorageBackend#partSize}. */
    public OptionalLong partSize(VirtualPath file) throws StorageException {
        require(mayLookAt(file));
        return backend.partSize(file);
    }

    /** As {@link StorageBackend#makeDirectory}. */
    public Entry makeDirectory(VirtualPath directory) throws StorageException {
        require(mount.allows(Permission.MAKE_DIRECTORY, directory));
        return backend.makeDirectory(directory);
    }

    /** Removes a file and its part, as {@link StorageBackend#delete}. */
    public Optional<Long> delete(VirtualPath file) throws StorageException {
        require(mount.allows(Permission.DELETE, file));
        return backend.delete(file);
    }

    /** As {@link StorageBackend#removeDirectory}. */
    public void removeDirectory(VirtualPath directory) throws StorageException {
        require(mount.allows(Permission.DELETE, directory));
        backend.removeDirectory(directory);
    }

    /**
     * Renames, as {@link StorageBackend#rename}. A rename must not lead around a rule. So a directory moves only when
     * one rule holds for all that is below its old and its new name, and a file that the user cannot read moves to no
     * place where it can be read.
     */
    public Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        require(mount.allows(Permission.RENAME, from)
                && mount.allows(Permission.RENAME, to)
                && mount.allows(Permission.WRITE, to)
                && (mount.allows(Permission.READ, from) || !mount.allows(Permission.READ, to)));
        boolean isOneRule = !mount.hasRulesBelow(from) && !mount.hasRulesBelow(to);
        require(isOneRule || !backend.stat(from).isDirectory());
        return backend.rename(from, identity, to, replace && mayReplace(to));
    }

    /** The entry that RNFR names, if the user may rename it. */
    public Entry renameSource(VirtualPath from) throws StorageException {
        require(mount.allows(Permission.RENAME, from));
        mount.mounts().checkChange(from);
        Entry entry = backend.stat(from);
        require(!entry.isLink() && (!entry.isDirectory() || !mount.hasRulesBelow(from)));
        return entry;
    }

    /** As {@link StorageBackend#change}. */
    public Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        require(mount.allows(Permission.CHANGE_ATTRIBUTES, path));
        if (change.modifiedMillis().isPresent()) {
            needs(Capability.SET_TIME, backend.capabilities(path));
        }
        if (change.mode().isPresent()) {
            needs(Capability.SET_MODE, backend.capabilities(path));
        }
        return backend.change(path, change);
    }

    /** As {@link StorageBackend#freeBytes}. */
    public long freeBytes(VirtualPath directory) throws StorageException {
        require(mayLookAt(directory));
        needs(Capability.FREE_BYTES, backend.capabilities(directory));
        return backend.freeBytes(directory);
    }

    /**
     * The value of the MLST fact {@code perm} (RFC 3659, section 7.5.5): only the operations that this user may
     * perform.
     */
    public String permissions(VirtualPath path, Entry entry) {
        return PermFact.of(mount, path, entry, () -> backend.capabilities(path).contains(Capability.APPEND));
    }

    private boolean mayWrite(VirtualPath file, WriteMode mode) {
        return mount.allows(mode.kind() == WriteMode.Kind.APPEND ? Permission.APPEND : Permission.WRITE, file);
    }

    /** Replacing needs DELETE: an upload-only user must not destroy existing files. */
    private boolean mayReplace(VirtualPath file) {
        return mount.allows(Permission.DELETE, file);
    }

    private boolean mayChange(VirtualPath path) {
        return mount.allows(Permission.DELETE, path)
                || mount.allows(Permission.RENAME, path)
                || mount.allows(Permission.WRITE, path);
    }

    /**
     * A user may look at a name that the user could list or read. Otherwise the user must not learn that the name
     * exists.
     */
    private boolean mayLookAt(VirtualPath path) {
        return path.isRoot()
                || mount.allows(Permission.LIST, path)
                || mount.allows(Permission.READ, path)
                || mount.allows(Permission.LIST, path.parent());
    }

    private static void require(boolean allowed) throws StorageException {
        if (!allowed) {
            throw new StorageException(Reason.ACCESS_DENIED, "not permitted to this user");
        }
    }
}
