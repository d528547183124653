package flotilla.storage.memory;

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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A tree in memory with a limit in bytes. It ends with the process, keeps parts and never waits. */
public final class MemoryStorage implements StorageBackend {
    private static final Set<Capability> ALL = Set.copyOf(EnumSet.allOf(Capability.class));

    private final MemoryTree tree = new MemoryTree();
    private final MemoryParts parts = new MemoryParts(tree);
    private final Budget budget;
    private final MemoryUploads uploads;

    /**
     * Creates an empty tree.
     *
     * @param maxBytes limit of the bytes in files and parts
     */
    public MemoryStorage(long maxBytes) {
        this.budget = new Budget(maxBytes);
        this.uploads = new MemoryUploads(tree, parts, budget);
    }

    @Override
    public Set<Capability> capabilities() {
        return ALL;
    }

    @Override
    public Entry stat(VirtualPath path) throws StorageException {
        return tree.entry(path);
    }

    @Override
    public Listing list(VirtualPath directory, Listing.Order order) throws StorageException {
        return new MemoryListing(tree, tree.directory(directory));
    }

    @Override
    public ByteSource read(VirtualPath file, long offset) throws StorageException {
        ByteBuffer snapshot = tree.file(file).content().snapshot();
        if (offset < 0 || offset > snapshot.limit()) {
            throw MemoryTree.refusal(Reason.OFFSET_OUT_OF_RANGE, file);
        }
        return new MemorySource(tree.entry(file).sized(snapshot.limit()), snapshot, (int) offset);
    }

    @Override
    public ByteSink write(VirtualPath file, WriteMode mode) throws StorageException {
        return uploads.open(file, mode);
    }

    @Override
    public OptionalLong partSize(VirtualPath file) throws StorageException {
        return tree.find(file).isPresent() ? OptionalLong.empty() : parts.length(file);
    }

    @Override
    public UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException {
        return new UploadCheck(
                nameOf(file),
                uploads.start(file, mode),
                tree.findFile(file).map(found -> found.entry(file.name())),
                parts.length(file));
    }

    @Override
    public void beginReplacing(VirtualPath file) throws StorageException {
        if (tree.findFile(file).isPresent() || parts.length(file).isPresent()) {
            parts.keep(file, new Content(budget));
        }
    }

    @Override
    public String lockName(VirtualPath path) throws StorageException {
        tree.parentOf(path);
        return nameOf(path);
    }

    private String nameOf(VirtualPath path) {
        return tree.root().identity() + (path.isRoot() ? "" : path);
    }

    @Override
    public Entry makeDirectory(VirtualPath directory) throws StorageException {
        return tree.makeDirectory(directory);
    }

    @Override
    public Optional<Long> delete(VirtualPath file) throws StorageException {
        synchronized (tree) {
            boolean part = parts.forget(file);
            return part && tree.find(file).isEmpty() ? Optional.empty() : Optional.of(tree.delete(file));
        }
    }

    @Override
    public void removeDirectory(VirtualPath directory) throws StorageException {
        tree.removeDirectory(directory);
    }

    @Override
    public Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        Optional<Long> replaced = tree.rename(from, identity, to, replace);
        if (!from.equals(to)) {
            parts.forget(to);
        }
        return replaced;
    }

    @Override
    public Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        return tree.change(path, change);
    }

    @Override
    public long freeBytes(VirtualPath directory) throws StorageException {
        tree.directory(directory);
        return budget.left();
    }

    @Override
    public int sweepParts(Duration age) throws StorageException {
        return parts.sweep(age);
    }

    @Override
    public void close() {
        // No resource is open.
    }
}
