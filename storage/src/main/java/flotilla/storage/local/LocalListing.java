package flotilla.storage.local;

import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.ListingMemory;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads names and attributes page by page through the open directory. For an order it reads names ahead, as long as
 * they fit in this listing's share of the memory. If the directory holds more, the names read so far come first, and
 * the others in the order of the directory.
 */
final class LocalListing implements Listing {
    /**
     * One listing reads ahead into an eighth of the memory, so that one large directory does not take the order from
     * others.
     */
    private static final int LARGEST_SHARE = 8;

    private static final int MOST_AT_FIRST = 1024;

    private final VirtualPath path;
    private final Tree tree;
    private final List<Path> above;
    private final Directory directory;
    private final PosixFileAttributes self;
    private final Parts parts;
    private final AppendJournal journal;
    private final Set<Path> appends;
    private final boolean followLinks;
    private final ListingMemory.Share memory;
    private final Iterator<Path> rest;
    /** Names read ahead. */
    private final ArrayDeque<Path> names;

    private LocalListing(
            VirtualPath path,
            Tree tree,
            Parts parts,
            AppendJournal journal,
            List<Path> above,
            Directory directory,
            LocalOptions options,
            ListingMemory.Share memory)
            throws IOException, StorageException {
        this.path = path;
        this.tree = tree;
        this.above = above;
        this.directory = directory;
        this.self = directory.attributes(Directory.self());
        this.parts = parts;
        this.journal = journal;
        this.appends = parts.journals(self);
        this.followLinks = options.followLinks();
        this.memory = memory;
        this.rest = directory.names().iterator();
        this.names = new ArrayDeque<>();
    }

    /** Lists the directory at {@code place}. */
    static LocalListing open(
            VirtualPath path,
            Tree tree,
            Parts parts,
            AppendJournal journal,
            Place place,
            LocalOptions options,
            ListingMemory memory,
            Order order)
            throws IOException, StorageException {
        Directory directory = place.open();
        ListingMemory.Share share = memory.share();
        try {
            LocalListing listing =
                    new LocalListing(path, tree, parts, journal, place.names(), directory, options, share);
            if (order == Order.NAME) {
                listing.readAhead(memory.bytes() / LARGEST_SHARE);
            }
            return listing;
        } catch (IOException | StorageException | RuntimeException e) {
            share.close();
            directory.close();
            throw e;
        }
    }

    /**
     * Sorts the names if all of them fit. Unix paths compare by their bytes, unsigned.
     *
     * @param bytes limit for the names read ahead
     */
    private void readAhead(long bytes) throws IOException {
        List<Path> read = new ArrayList<>();
        boolean fits = true;
        while (fits && hasMore()) {
            Path name = rest.next().getFileName();
            read.add(name);
            long size = ListingMemory.ofName(name.toString().length());
            fits = memory.used() + size <= bytes && memory.grow(size);
        }
        if (fits) {
            read.sort(null);
        }
        names.addAll(read);
    }

    private boolean hasMore() throws IOException {
        try {
            return rest.hasNext();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public List<Entry> next(int limit) throws StorageException {
        Failures.run(path, tree::enter);
        try {
            return page(limit);
        } finally {
            tree.leave();
        }
    }

    private List<Entry> page(int limit) throws StorageException {
        List<Entry> page = new ArrayList<>(Math.min(limit, MOST_AT_FIRST));
        for (Path name = nextName(); name != null; name = page.size() < limit ? nextName() : null) {
            Path next = name;
            Failures.mapped(path, () -> entry(next)).ifPresent(page::add);
        }
        return page;
    }

    private @Nullable Path nextName() throws StorageException {
        Path ahead = names.poll();
        if (ahead != null) {
            return ahead;
        }
        memory.close();
        return Failures.mapped(path, this::hasMore) ? rest.next().getFileName() : null;
    }

    private Optional<Entry> entry(Path path) throws IOException, StorageException {
        String name = DiskNames.text(path);
        if (ReservedNames.isReserved(name)) {
            return Optional.empty();
        }
        try {
            PosixFileAttributes attributes = directory.attributes(path);
            return Optional.of(
                    attributes.isSymbolicLink() ? linked(name, path, attributes) : whole(name, path, attributes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Entry whole(String name, Path path, PosixFileAttributes attributes) throws IOException, StorageException {
        Entry entry = tree.entry(name, above, path, attributes);
        if (appends.isEmpty()) {
            return entry;
        }
        Slot slot = parts.slot(self, path);
        return appends.contains(slot.journal()) ? journal.whole(entry, slot, attributes) : entry;
    }

    /** Returns the entry of a link's target, or of the link itself if it has none. */
    private Entry linked(String name, Path link, PosixFileAttributes attributes) {
        if (followLinks) {
            try (Place target = tree.locate(above, link)) {
                return tree.entry(name, target);
            } catch (IOException | StorageException unreachable) {
                // The listing shows the link itself.
            }
        }
        return Entries.entry(name, attributes);
    }

    @Override
    public void close() {
        memory.close();
        directory.close();
    }
}
