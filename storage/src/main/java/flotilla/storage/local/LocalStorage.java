package flotilla.storage.local;

import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.EscapedName;
import flotilla.storage.Listing;
import flotilla.storage.ListingMemory;
import flotilla.storage.NewModes;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A tree in a directory of the local file system. Every operation walks from the root, which stays open, through open
 * directories and acts in the last one. So no link and no directory that is swapped meanwhile leads out of the tree.
 *
 * <p>Uploads collect in a hidden directory at the root, and the commit renames them. An append to an existing file is
 * written in place and noted in that directory. A broken append is cut back, also by another process when this one has
 * died. New files and directories come from the hidden directory, so they do not inherit the group of a setgid
 * directory or its default ACL.
 *
 * <p>Deleting or renaming a link acts on the link itself, not on its target. A link that has no target, or is not
 * followed, is an entry of its own.
 */
public final class LocalStorage implements StorageBackend {
    private static final Set<Capability> ALL = Set.copyOf(EnumSet.allOf(Capability.class));
    private static final long OWN_LISTING_MEMORY = 64 << 20;

    private final Tree tree;
    private final LocalOptions options;
    private final ListingMemory listings;
    private final Parts parts;
    private final Arrivals arrivals;
    private final AppendJournal journal;
    private final Uploads uploads;
    private final DirectUploads directUploads;
    private final Directories directories;
    private final Renames renames;

    private LocalStorage(
            Tree tree, LocalOptions options, ListingMemory listings, Parts parts, Arrivals arrivals, NewModes modes) {
        this.tree = tree;
        this.options = options;
        this.listings = listings;
        this.parts = parts;
        this.arrivals = arrivals;
        this.journal = new AppendJournal(parts);
        UploadEnds ends = new UploadEnds(tree, parts, arrivals, options, modes.file());
        this.uploads = new Uploads(tree, parts, journal, ends, options, modes.file());
        this.directUploads = new DirectUploads(tree, parts, modes.file());
        this.directories = new Directories(tree, parts, arrivals, modes.directory());
        this.renames = new Renames(tree, parts, journal, arrivals);
    }

    /** Opens a tree as {@link #open(Path, LocalOptions, ListingMemory)} does, with 64 MiB of its own for listings. */
    public static LocalStorage open(Path root, LocalOptions options) throws StorageException {
        return open(root, options, new ListingMemory(OWN_LISTING_MEMORY));
    }

    /**
     * Opens the tree below {@code root}. The tree holds this directory open: if the directory is removed or mounted
     * over, open the tree again.
     *
     * @param listings the memory of its listings; other trees may share it
     * @throws StorageException {@code UNSUPPORTED} when the file system cannot act relative to open directories
     */
    public static LocalStorage open(Path root, LocalOptions options, ListingMemory listings) throws StorageException {
        return Failures.mapped(VirtualPath.ROOT, () -> {
            Tree tree = Tree.open(root, options.followLinks());
            return new LocalStorage(tree, options, listings, new Parts(tree), new Arrivals(), options.modes());
        });
    }

    @Override
    public StorageBackend creating(NewModes modes) {
        return new LocalStorage(tree, options, listings, parts, arrivals, modes);
    }

    @Override
    public Set<Capability> capabilities() {
        return ALL;
    }

    @Override
    public Entry stat(VirtualPath path) throws StorageException {
        return within(path, () -> {
            try (Place place = tree.locateLink(path)) {
                return place.isLink() ? linked(path, place) : whole(path.name(), place);
            }
        });
    }

    /** Returns the entry of a link's target, or of the link itself if it has none. */
    private Entry linked(VirtualPath path, Place link) throws StorageException {
        try (Place target = tree.locate(path)) {
            return whole(path.name(), target);
        } catch (IOException | StorageException unreachable) {
            return Entries.entry(path.name(), link.attributes());
        }
    }

    private Entry whole(String name, Place place) throws IOException, StorageException {
        return whole(name, place, parts.slot(place));
    }

    private Entry whole(String name, Place place, Slot slot) throws IOException, StorageException {
        Entry entry = tree.entry(name, place);
        return entry.isFile() && !isDirect() ? journal.whole(entry, slot, place.attributes()) : entry;
    }

    @Override
    public Listing list(VirtualPath directory, Listing.Order order) throws StorageException {
        return within(directory, () -> {
            try (Place place = tree.locate(directory)) {
                return LocalListing.open(directory, tree, parts, journal, place, options, listings, order);
            }
        });
    }

    @Override
    public ByteSource read(VirtualPath file, long offset) throws StorageException {
        return within(file, () -> openSource(file, offset));
    }

    private ByteSource openSource(VirtualPath file, long offset) throws IOException, StorageException {
        try (Place place = tree.locate(file)) {
            PosixFileAttributes found = place.file();
            FileChannel channel = place.parent().openFile(place.name(), found, StandardOpenOption.READ);
            try {
                long size = journal.wholeSize(file, parts.slot(place), found, channel);
                if (offset < 0 || offset > size) {
                    throw Failures.refusal(Reason.OFFSET_OUT_OF_RANGE, file);
                }
                return new LocalSource(
                        file,
                        channel,
                        Entries.entry(DiskNames.text(place.name()), found).sized(size),
                        offset);
            } catch (IOException | StorageException e) {
                channel.close();
                throw e;
            }
        }
    }

    @Override
    public ByteSink write(VirtualPath file, WriteMode mode) throws StorageException {
        return within(file, () -> openSink(file, mode));
    }

    private ByteSink openSink(VirtualPath file, WriteMode mode) throws IOException, StorageException {
        try (Place place = writable(file, mode)) {
            return isDirect() && !mode.copy() ? directUploads.open(file, place, mode) : uploads.open(file, place, mode);
        }
    }

    /** Returns the place of an upload; it holds a regular file or nothing. */
    private Place writable(VirtualPath file, WriteMode mode) throws IOException, StorageException {
        boolean exclusive = mode.kind() == Kind.CREATE_NEW;
        Place place = exclusive ? tree.locateLink(file) : tree.locate(file);
        try {
            if (exclusive && !place.isFree()) {
                throw Failures.refusal(Reason.ALREADY_EXISTS, file);
            }
            if (place.isFree()) {
                EscapedName.checkNew(file);
            } else {
                place.file();
            }
            return place;
        } catch (StorageException e) {
            place.close();
            throw e;
        }
    }

    private boolean isDirect() {
        return options.atomic() == LocalOptions.Atomic.OFF;
    }

    @Override
    public UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException {
        return within(file, () -> {
            try (Place place = writable(file, mode)) {
                Slot slot = parts.slot(place);
                OptionalLong part = parts.length(slot);
                return new UploadCheck(
                        tree.textOf(place.names()),
                        isDirect()
                                ? DirectUploads.start(file, place, mode, part)
                                : uploads.start(file, place, mode, part),
                        place.isFree() ? Optional.empty() : Optional.of(whole(file.name(), place, slot)),
                        part);
            }
        });
    }

    @Override
    public void beginReplacing(VirtualPath file) throws StorageException {
        act(file, () -> {
            try (Place place = tree.locate(file)) {
                Slot slot = parts.slot(place);
                if (Uploads.committed(place).isPresent() || parts.length(slot).isPresent()) {
                    parts.empty(slot);
                }
            }
        });
    }

    @Override
    public String lockName(VirtualPath path) throws StorageException {
        return within(path, () -> {
            try (Place place = tree.locateLink(path)) {
                return tree.textOf(place.names());
            }
        });
    }

    @Override
    public OptionalLong partSize(VirtualPath file) throws StorageException {
        return within(file, () -> {
            try (Place place = tree.locate(file)) {
                if (isDirect() || !place.isFree()) {
                    return OptionalLong.empty();
                }
                return uploads.resumable(parts.length(parts.slot(place)));
            }
        });
    }

    @Override
    public Entry makeDirectory(VirtualPath directory) throws StorageException {
        return within(directory, () -> directories.make(directory));
    }

    @Override
    public Optional<Long> delete(VirtualPath file) throws StorageException {
        return within(file, () -> directories.delete(file));
    }

    @Override
    public void removeDirectory(VirtualPath directory) throws StorageException {
        act(directory, () -> directories.remove(directory));
    }

    @Override
    public Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        return within(from, () -> renames.rename(from, identity, to, replace));
    }

    @Override
    public Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        return within(path, () -> directories.change(path, change));
    }

    @Override
    public long freeBytes(VirtualPath directory) throws StorageException {
        return within(directory, () -> {
            try (Place place = tree.locate(directory);
                    Directory opened = place.open()) {
                // The JDK gives the free bytes only by path: if a directory is swapped in this instant, they are those
                // of another disk.
                opened.attributes(Directory.self());
                return Files.getFileStore(tree.pathOf(place.names())).getUsableSpace();
            }
        });
    }

    @Override
    public int sweepParts(Duration age) throws StorageException {
        return within(VirtualPath.ROOT, () -> parts.sweep(age));
    }

    @Override
    public void close() {
        tree.close();
    }

    /** Retires the tree: from now on it holds descriptors only while an operation uses it. */
    public void retire() {
        tree.retire();
    }

    private <T> T within(VirtualPath path, Failures.Work<T> work) throws StorageException {
        return Failures.mapped(path, () -> {
            tree.enter();
            try {
                return work.run();
            } finally {
                tree.leave();
            }
        });
    }

    private void act(VirtualPath path, Failures.Deed deed) throws StorageException {
        within(path, () -> {
            deed.run();
            return path;
        });
    }
}
