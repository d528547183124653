package flotilla.node.tree;

import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.tree.UserBooks.Book;
import flotilla.node.tree.UserBooks.Part;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the files in a home without recursion and page by page, including those that its user may not see. It does not
 * follow symbolic links. It skips directories that have gone meanwhile, and those that this process may not read.
 */
public final class TreeSize {
    /** Slows a count down. */
    @FunctionalInterface
    public interface Pace {
        /** Counts at full speed. */
        Pace FULL = entries -> {};

        /** Takes the number of entries that were looked at; may block. */
        void looked(int entries);
    }

    static final int MAX_DIRECTORIES = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(TreeSize.class);
    private static final int PAGE = 1024;
    private static final Set<Reason> LEFT_OUT =
            EnumSet.of(Reason.NOT_FOUND, Reason.NOT_A_DIRECTORY, Reason.ACCESS_DENIED, Reason.INVALID_NAME);

    private final StorageBackend backend;
    private final Pace pace;
    private final Set<String> without;
    private final Deque<VirtualPath> open = new ArrayDeque<>(List.of(VirtualPath.ROOT));
    private long bytes;
    private long files;

    private TreeSize(StorageBackend backend, Set<String> without, Pace pace) {
        this.backend = backend;
        this.without = without;
        this.pace = pace;
    }

    /**
     * Counts the bytes and files in the home of a mount. Blocks.
     *
     * @throws StorageException when the count is incomplete: the storage fails, the thread was interrupted, or there
     *     are more than {@link #MAX_DIRECTORIES} directories
     */
    public static Usage of(Backends backends, Mount mount, Pace pace) throws StorageException {
        return of(backends.open(mount.whole()), Set.of(), pace);
    }

    /** Counts all parts of a book, as {@link #of} does. */
    static Usage of(Backends backends, Book book, Pace pace) throws StorageException {
        StorageException missing = book.missing();
        if (missing != null) { // of another tree than the client has named, so its reason is no answer
            throw new StorageException(
                    Reason.IO, "nothing is counted while a mount cannot be opened: " + missing.getMessage(), missing);
        }
        Usage sum = Usage.NOTHING;
        for (Part part : book.parts()) {
            Usage counted = of(backends.open(part.tree().whole()), part.without(), pace);
            sum = new Usage(sum.bytes() + counted.bytes(), sum.files() + counted.files());
        }
        return sum;
    }

    static Usage of(StorageBackend backend, Pace pace) throws StorageException {
        return of(backend, Set.of(), pace);
    }

    private static Usage of(StorageBackend backend, Set<String> without, Pace pace) throws StorageException {
        TreeSize size = new TreeSize(backend, without, pace);
        size.count();
        return new Usage(size.bytes, size.files);
    }

    private void count() throws StorageException {
        int directories = 0;
        while (!open.isEmpty()) {
            if (directories++ >= MAX_DIRECTORIES) {
                throw new StorageException(Reason.IO, "a home with more than " + MAX_DIRECTORIES + " directories");
            }
            VirtualPath directory = open.pop();
            try {
                count(directory);
            } catch (StorageException e) {
                leaveOut(directory, e);
            }
        }
    }

    private static void leaveOut(VirtualPath directory, StorageException failure) throws StorageException {
        if (!LEFT_OUT.contains(failure.reason()) || directory.isRoot()) {
            throw failure;
        }
        LOG.debug("{} is not counted", directory, failure);
    }

    private void count(VirtualPath directory) throws StorageException {
        try (Listing listing = backend.list(directory, Listing.Order.NONE)) {
            for (List<Entry> page = listing.next(PAGE); !page.isEmpty(); page = listing.next(PAGE)) {
                for (Entry entry : page) {
                    count(directory, entry);
                }
                pace.looked(page.size());
                if (Thread.currentThread().isInterrupted()) {
                    throw new StorageException(Reason.IO, "the count was broken off");
                }
            }
        }
    }

    private void count(VirtualPath directory, Entry entry) {
        if (entry.isDirectory()) {
            below(directory, entry.name());
        } else if (entry.isFile()) {
            bytes += entry.size();
            files++;
        }
    }

    private void below(VirtualPath directory, String name) {
        try {
            VirtualPath path = directory.resolve(name);
            if (without.isEmpty() || !without.contains(backend.lockName(path))) {
                open.push(path);
            }
        } catch (StorageException tooDeep) {
            LOG.debug("{}/{} is not counted", directory, name, tooDeep);
        }
    }
}
