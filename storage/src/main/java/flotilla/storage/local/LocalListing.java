package flotilla.storage.local;

import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names read and sorted at once, attributes page by page through the open directory. */
final class LocalListing implements Listing {
    private final VirtualPath path;
    private final Tree tree;
    private final List<Path> above;
    private final Directory directory;
    private final PosixFileAttributes self;
    private final Parts parts;
    private final AppendJournal journal;
    private final Set<Path> appends;
    private final boolean followLinks;
    private final List<Path> names;
    private int position;

    private LocalListing(
            VirtualPath path,
            Tree tree,
            Parts parts,
            AppendJournal journal,
            List<Path> above,
            Directory directory,
            LocalOptions options)
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
        this.names = names(path, directory, options.maxListedEntries());
    }

    /** Lists the directory that {@code place} leads to. */
    static LocalListing open(
            VirtualPath path, Tree tree, Parts parts, AppendJournal journal, Place place, LocalOptions options)
            throws IOException, StorageException {
        Directory directory = place.open();
        try {
            return new LocalListing(path, tree, parts, journal, place.names(), directory, options);
        } catch (IOException | StorageException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** The order of Unix paths is that of their bytes, unsigned. */
    private static List<Path> names(VirtualPath path, Directory directory, int limit) throws StorageException {
        List<Path> names = new ArrayList<>();
        for (Path entry : directory.names()) {
            if (names.size() == limit) {
                throw new StorageException(Reason.IO, path + " holds more than " + limit + " entries");
            }
            names.add(entry.getFileName());
        }
        names.sort(null);
        return names;
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
        List<Entry> page = new ArrayList<>(Math.min(limit, names.size() - position));
        while (page.size() < limit && position < names.size()) {
            Path name = names.get(position++);
            Failures.mapped(path, () -> entry(name)).ifPresent(page::add);
        }
        return page;
    }

    private Optional<Entry> entry(Path path) throws IOException, StorageException {
        String name = path.toString();
        if (ReservedNames.isReserved(name)) {
            return Optional.empty();
        }
        try {
            PosixFileAttributes attributes = directory.attributes(path);
            return attributes.isSymbolicLink() ? linked(path) : Optional.of(whole(name, path, attributes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Entry whole(String name, Path path, PosixFileAttributes attributes) throws IOException, StorageException {
        Entry entry = Entries.entry(name, attributes);
        if (appends.isEmpty()) {
            return entry;
        }
        Slot slot = parts.slot(self, path);
        return appends.contains(slot.journal()) ? journal.whole(entry, slot, attributes) : entry;
    }

    private Optional<Entry> linked(Path link) throws IOException {
        if (!followLinks) {
            return Optional.empty();
        }
        try {
            return Optional.of(Entries.entry(link.toString(), tree.target(above, link)));
        } catch (StorageException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
