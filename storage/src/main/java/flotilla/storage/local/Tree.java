package flotilla.storage.local;

import flotilla.storage.Entry;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The directories below one root. While the tree is open, the root stays the same directory, even when its path
 * changes. The tree counts the operations that use it: a retired tree is closed after the last one, and opened again
 * for the next one.
 */
final class Tree implements AutoCloseable {
    private final Path root;
    private final boolean followLinks;
    private final String device;
    private @Nullable Directory top;
    private @Nullable Kept kept;
    private int users;
    private boolean retired;
    private boolean closed;

    /** A directory of the root that stays open, and the attributes that it had when it was opened. */
    private record Kept(Directory directory, PosixFileAttributes attributes) {
        boolean is(PosixFileAttributes found) {
            return Entries.same(attributes, found);
        }
    }

    private Tree(Path root, Directory top, boolean followLinks) throws IOException {
        this.root = root;
        this.top = top;
        this.followLinks = followLinks;
        this.device = Entries.device(top.attributes(Directory.self()));
    }

    static Tree open(Path root, boolean followLinks) throws IOException, StorageException {
        Path real = root.toRealPath();
        return new Tree(real, Directory.openShared(real), followLinks);
    }

    /**
     * Keeps the tree open until {@link #leave}.
     *
     * @throws StorageException {@code IO} when it was closed for good
     */
    synchronized void enter() throws IOException, StorageException {
        if (closed) {
            throw Failures.refusal(Reason.IO, root + " was closed");
        }
        if (top == null) {
            top = Directory.openShared(root);
        }
        users++;
    }

    synchronized void leave() {
        users--;
        closeIfUnused();
    }

    /** Retires the tree: from now on it is open only while an operation uses it. */
    synchronized void retire() {
        retired = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if ((retired || closed) && users == 0 && top != null) {
            top.closeShared();
            top = null;
            if (kept != null) {
                kept.directory().closeShared();
                kept = null;
            }
        }
    }

    /** Returns the device of the root, by the number of this host. */
    String device() {
        return device;
    }

    /** Returns the open root. Only for callers that have entered. */
    synchronized Directory top() {
        if (top == null) {
            throw new IllegalStateException("nobody has entered " + root);
        }
        return top;
    }

    /**
     * Opens a directory in the root. The first one stays open with the tree, so that later calls open nothing. Its names
     * cannot be listed. The caller closes it all the same: it may be another one when somebody has replaced the
     * directory.
     *
     * @param found its attributes now
     */
    Directory openKept(Path name, PosixFileAttributes found) throws IOException, StorageException {
        synchronized (this) {
            if (kept != null) {
                return kept.is(found) ? kept.directory() : top().open(name);
            }
        }
        Directory opened = top().open(name);
        try {
            PosixFileAttributes attributes = opened.attributes(Directory.self());
            synchronized (this) {
                if (kept != null) {
                    return opened;
                }
                kept = new Kept(opened.shared(), attributes);
                return kept.directory();
            }
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Walks to {@code path} and follows links. The caller closes the place. */
    Place locate(VirtualPath path) throws IOException, StorageException {
        return walk(names(path), true);
    }

    /** Walks to {@code path} and follows links, except for the last name. The caller closes the place. */
    Place locateLink(VirtualPath path) throws IOException, StorageException {
        return walk(names(path), false);
    }

    /** Walks to {@code name} below the directories {@code above} and follows links. The caller closes the place. */
    Place locate(List<Path> above, Path name) throws IOException, StorageException {
        List<Path> names = new ArrayList<>(above);
        names.add(name);
        return walk(names, true);
    }

    /** Returns the attributes at a place, or of the target if it is a link. */
    PosixFileAttributes target(Place place) throws IOException, StorageException {
        if (!place.isLink()) {
            return place.attributes();
        }
        try (Place target = locate(place.above(), place.name())) {
            return target.attributes();
        }
    }

    /** Returns the entry of the object at a place. */
    Entry entry(String name, Place place) throws StorageException {
        return entry(name, place.above(), place.name(), place.attributes());
    }

    /**
     * Returns the entry of the object {@code file} below the directories {@code above}.
     *
     * @param found its attributes
     */
    Entry entry(String name, List<Path> above, Path file, PosixFileAttributes found) {
        Entry entry = Entries.entry(name, found);
        return entry.type() == Entry.Type.OTHER
                ? entry.as(SpecialFiles.type(below(root, above).resolve(file), found))
                : entry;
    }

    /** Returns the entry at {@code path}, and follows links. */
    Entry entry(VirtualPath path) throws IOException, StorageException {
        try (Place place = locate(path)) {
            return Entries.entry(path.name(), place.attributes());
        }
    }

    /**
     * Returns a path, for actions that the JDK cannot do through an open directory. It may lead elsewhere when it is
     * used.
     */
    Path pathOf(List<Path> names) {
        return below(root, names);
    }

    /** Returns the same path as text. Different names have different texts, even if their bytes are not UTF-8. */
    String textOf(List<Path> names) {
        String top = root.getNameCount() == 0 ? "" : root.toString();
        return names.isEmpty()
                ? root.toString()
                : names.stream().map(DiskNames::text).collect(Collectors.joining("/", top + "/", ""));
    }

    static Path below(Path root, List<Path> names) {
        Path path = root;
        for (Path name : names) {
            path = path.resolve(name);
        }
        return path;
    }

    Path name(String name) {
        return root.getFileSystem().getPath(name);
    }

    private Place walk(List<Path> names, boolean followLast) throws IOException, StorageException {
        return new Walk(root, top(), followLinks, names).go(followLast);
    }

    private List<Path> names(VirtualPath path) throws StorageException {
        ReservedNames.check(path);
        return path.components().stream()
                .map(name -> DiskNames.path(root.getFileSystem(), name))
                .toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeIfUnused();
    }
}
