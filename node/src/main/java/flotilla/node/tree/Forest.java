package flotilla.node.tree;

import flotilla.cluster.MountPoint;
import flotilla.node.tree.MountTable.Route;
import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.NewModes;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The home and the mounts of a user as one tree. Each path leads to one of them ({@link MountTable}), which is opened
 * when it is first used. So one that is away fails its own paths only.
 *
 * <p>A mount, and a directory on the way to one that no store has, are shown with the time of the home. A listing of
 * the directory above asks no mount, and shows those that are away.
 */
final class Forest implements StorageBackend {
    private static final Logger LOG = LoggerFactory.getLogger(Forest.class);
    private static final int CHANGEABLE = 0755;
    private static final int READ_ONLY = 0555;

    private final Backends backends;
    private final Mount mount;
    private final MountTable table;
    private final Optional<NewModes> modes;
    private final Map<Optional<MountPoint>, StorageBackend> opened = new ConcurrentHashMap<>();

    Forest(Backends backends, Mount mount, Optional<NewModes> modes) {
        this.backends = backends;
        this.mount = mount;
        this.table = mount.mounts();
        this.modes = modes;
    }

    @Override
    public StorageBackend creating(NewModes newModes) {
        return new Forest(backends, mount, Optional.of(newModes));
    }

    private StorageBackend tree(Optional<MountPoint> point) throws StorageException {
        StorageBackend known = opened.get(point);
        if (known != null) {
            return known;
        }
        StorageBackend fresh = backends.open(mount.at(point));
        StorageBackend open = modes.map(fresh::creating).orElse(fresh);
        opened.put(point, open);
        return open;
    }

    private StorageBackend treeOf(Route route) throws StorageException {
        return tree(route.point());
    }

    /** The abilities that any of the trees has which can be opened. Blocks while they are opened. */
    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        all.addAll(abilities(Optional.empty()));
        table.points().forEach(point -> all.addAll(abilities(Optional.of(point))));
        return all;
    }

    @Override
    public Set<Capability> capabilities(VirtualPath path) {
        return abilities(table.pointOf(path));
    }

    private Set<Capability> abilities(Optional<MountPoint> point) {
        try {
            return tree(point).capabilities();
        } catch (StorageException away) {
            LOG.debug("the abilities at {} are not known", point, away);
            return Set.of();
        }
    }

    @Override
    public Entry stat(VirtualPath path) throws StorageException {
        if (!table.isFixed(path) || path.isRoot()) {
            Route route = table.route(path);
            return treeOf(route).stat(route.path());
        }
        if (table.isPoint(path)) {
            Route route = table.route(path);
            if (!treeOf(route).stat(route.path()).isDirectory()) {
                throw new StorageException(Reason.NOT_A_DIRECTORY, "the place of " + path + " is no directory");
            }
            return shown(path, path.name(), homeTime());
        }
        return onTheWay(path, path.name(), homeTime());
    }

    /** The directory that leads to a mount: as the store has it, or made up. */
    private Entry onTheWay(VirtualPath path, String name, long time) throws StorageException {
        Route route = table.route(path);
        try {
            Entry stored = treeOf(route).stat(route.path());
            if (stored.isDirectory()) {
                return stored;
            }
        } catch (StorageException missing) {
            if (missing.reason() == Reason.IO) {
                throw missing;
            }
        }
        return shown(path, name, time);
    }

    private Entry shown(VirtualPath path, String name, long time) {
        int mode = mount.isReadOnly(path) ? READ_ONLY : CHANGEABLE;
        return new Entry(name, Entry.Type.DIRECTORY, 0, time, mode, identity(path));
    }

    /** A text of letters, digits and hyphens only, as facts of MLST need it. */
    private static String identity(VirtualPath path) {
        byte[] name = MountTable.composed(path.toString()).getBytes(StandardCharsets.UTF_8);
        return "mount-" + UUID.nameUUIDFromBytes(name);
    }

    private long homeTime() {
        try {
            return tree(Optional.empty()).stat(VirtualPath.ROOT).modifiedMillis();
        } catch (StorageException away) {
            LOG.debug("the time of the home is not known", away);
            return 0;
        }
    }

    @Override
    public Listing list(VirtualPath directory, Listing.Order order) throws StorageException {
        List<String> names = table.namesIn(directory);
        if (names.isEmpty()) {
            Route route = table.route(directory);
            return treeOf(route).list(route.path(), order);
        }
        long time = homeTime();
        List<Entry> mounts = new ArrayList<>();
        for (String name : names) {
            VirtualPath path = directory.resolve(name);
            mounts.add(
                    table.isPoint(path)
                            ? shown(path, name, time)
                            : onTheWay(path, name, time).named(name));
        }
        return new ForestListing(stored(directory, order), mounts, order);
    }

    private Listing stored(VirtualPath directory, Listing.Order order) throws StorageException {
        Route route = table.route(directory);
        try {
            return treeOf(route).list(route.path(), order);
        } catch (StorageException e) {
            if (route.path().isRoot() || e.reason() == Reason.IO) {
                throw e;
            }
            return new ForestListing.Nothing();
        }
    }

    @Override
    public ByteSource read(VirtualPath file, long offset) throws StorageException {
        Route route = fileRoute(file);
        return treeOf(route).read(route.path(), offset);
    }

    @Override
    public ByteSink write(VirtualPath file, WriteMode mode) throws StorageException {
        Route route = fileRoute(file);
        return treeOf(route).write(route.path(), mode);
    }

    @Override
    public UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException {
        Route route = fileRoute(file);
        return treeOf(route).checkWrite(route.path(), mode);
    }

    @Override
    public void beginReplacing(VirtualPath file) throws StorageException {
        Route route = fileRoute(file);
        treeOf(route).beginReplacing(route.path());
    }

    private Route fileRoute(VirtualPath file) throws StorageException {
        if (table.isFixed(file)) {
            throw new StorageException(Reason.IS_A_DIRECTORY, file + " is a mount or leads to one");
        }
        return table.route(file);
    }

    @Override
    public String lockName(VirtualPath path) throws StorageException {
        table.checkChange(path);
        Route route = table.route(path);
        return treeOf(route).lockName(route.path());
    }

    /** The lock name of a directory, also of a mount. */
    String placeName(VirtualPath directory) throws StorageException {
        Route route = table.route(directory);
        return treeOf(route).lockName(isMadeUp(directory) ? VirtualPath.ROOT : route.path());
    }

    @Override
    public OptionalLong partSize(VirtualPath file) throws StorageException {
        if (table.isFixed(file)) {
            return OptionalLong.empty();
        }
        Route route = table.route(file);
        return treeOf(route).partSize(route.path());
    }

    @Override
    public Entry makeDirectory(VirtualPath directory) throws StorageException {
        if (table.isFixed(directory)) {
            throw new StorageException(Reason.ALREADY_EXISTS, directory + " is a mount or leads to one");
        }
        Route route = table.route(directory);
        return treeOf(route).makeDirectory(route.path());
    }

    @Override
    public Optional<Long> delete(VirtualPath file) throws StorageException {
        table.checkChange(file);
        Route route = table.route(file);
        return treeOf(route).delete(route.path());
    }

    @Override
    public void removeDirectory(VirtualPath directory) throws StorageException {
        table.checkChange(directory);
        Route route = table.route(directory);
        treeOf(route).removeDirectory(route.path());
    }

    @Override
    public Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        table.checkRename(from, to);
        Route route = table.route(from);
        return treeOf(route).rename(route.path(), identity, table.route(to).path(), replace);
    }

    @Override
    public Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        if (table.isPoint(path)) {
            table.checkChange(path);
        }
        Route route = table.route(path);
        return treeOf(route).change(route.path(), change);
    }

    @Override
    public long freeBytes(VirtualPath directory) throws StorageException {
        Route route = table.route(directory);
        return treeOf(route).freeBytes(isMadeUp(directory) ? VirtualPath.ROOT : route.path());
    }

    /** Whether no store may have the directory, since it leads to a mount. */
    private boolean isMadeUp(VirtualPath directory) {
        return table.isFixed(directory) && !table.isPoint(directory);
    }

    /** Opens the home, if it is not open yet. */
    void openHome() throws StorageException {
        StorageBackend unused = tree(Optional.empty());
    }

    @Override
    public void close() {
        opened.clear(); // the stores close the trees
    }
}
