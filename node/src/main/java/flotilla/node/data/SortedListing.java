package flotilla.node.data;

import flotilla.node.transfer.Transfer.Order;
import flotilla.node.transfer.Transfer.SendListing;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.ListingMemory;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * All entries of a directory, sorted. A listing that finds no memory drops all that it has read, and reads again when
 * twice as much memory is free: a waiting listing uses no memory.
 */
final class SortedListing implements AutoCloseable {
    private static final int PAGE = 256;
    /** The part of the memory that one listing may use, as a divisor: half of it, so that others can go on. */
    private static final int LARGEST_SHARE = 2;

    private final SendListing listing;
    private final Source source;
    private final ListingLimits limits;
    private final ListingMemory.Share share;

    /** Opens the directory, each time anew. */
    interface Source {
        Listing open() throws StorageException;
    }

    SortedListing(SendListing listing, Source source, ListingLimits limits) {
        this.listing = listing;
        this.source = source;
        this.limits = limits;
        this.share = limits.memory().share();
    }

    static boolean isNeeded(SendListing listing) {
        return listing.order() != Order.NAME || listing.reversed();
    }

    /**
     * Returns the entries that {@code shown} accepts. Blocks until there is memory for them.
     *
     * @throws StorageException with {@code LISTING_TOO_LARGE} when there is no memory in time
     */
    List<Entry> entries(Predicate<Entry> shown) throws StorageException {
        long most = limits.memory().bytes() / LARGEST_SHARE;
        long end = System.nanoTime() + limits.patience().toNanos();
        List<Entry> entries = new ArrayList<>();
        while (!read(entries, shown, most)) {
            long wanted = Math.min(most, 2 * share.used() + ListingMemory.ofEntry(0));
            entries = new ArrayList<>();
            if (!share.exchange(wanted, Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                throw tooLarge();
            }
        }
        entries.sort(comparator());
        return entries;
    }

    private boolean read(List<Entry> entries, Predicate<Entry> shown, long most) throws StorageException {
        try (Listing all = source.open()) {
            for (List<Entry> page = all.next(PAGE); !page.isEmpty(); page = all.next(PAGE)) {
                for (Entry entry : page) {
                    if (shown.test(entry)) {
                        long size = ListingMemory.ofEntry(entry.name().length());
                        if (share.used() + size > most) {
                            throw tooLarge();
                        }
                        if (!share.grow(size)) {
                            return false;
                        }
                        entries.add(entry);
                    }
                }
            }
        }
        return true;
    }

    private StorageException tooLarge() {
        return new StorageException(
                Reason.LISTING_TOO_LARGE, listing.path() + ": no memory to sort it, see limits.listing-memory");
    }

    private Comparator<Entry> comparator() {
        Comparator<Entry> byName = Comparator.comparing(Entry::name);
        Comparator<Entry> order =
                switch (listing.order()) {
                    case TIME -> Comparator.comparingLong(Entry::modifiedMillis).reversed();
                    case SIZE -> Comparator.comparingLong(Entry::size).reversed();
                    case NAME -> byName;
                };
        Comparator<Entry> whole = order.thenComparing(byName);
        return listing.reversed() ? whole.reversed() : whole;
    }

    @Override
    public void close() {
        share.close();
    }
}
