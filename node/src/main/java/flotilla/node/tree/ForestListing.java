package flotilla.node.tree;

import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The entries of a directory with the mounts in it. A mount hides an entry of its name. */
final class ForestListing implements Listing {
    /** The listing of a directory that no store has. */
    static final class Nothing implements Listing {
        @Override
        public List<Entry> next(int limit) {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private final Listing stored;
    private final boolean byName;
    private final Deque<Entry> mounts;
    private final Set<String> hidden = new HashSet<>();
    private final Deque<Entry> page = new ArrayDeque<>();
    private boolean ended;

    /**
     * Merges.
     *
     * @param stored the entries of the store; closed with this listing
     * @param mounts the entries of mounts, in the order of their names' bytes
     */
    ForestListing(Listing stored, List<Entry> mounts, Order order) {
        this.stored = stored;
        this.mounts = new ArrayDeque<>(mounts);
        this.byName = order == Order.NAME;
        mounts.forEach(mount -> hidden.add(MountTable.composed(mount.name())));
    }

    @Override
    public List<Entry> next(int limit) throws StorageException {
        List<Entry> merged = new ArrayList<>();
        while (merged.size() < limit && fill(limit)) {
            merged.add(isMountNext() ? mounts.remove() : page.remove());
        }
        return merged;
    }

    /** Returns false at the end of both. */
    private boolean fill(int limit) throws StorageException {
        while (page.isEmpty() && !ended) {
            List<Entry> next = stored.next(limit);
            ended = next.isEmpty();
            next.stream()
                    .filter(entry -> !hidden.contains(MountTable.composed(entry.name())))
                    .forEach(page::add);
        }
        return !page.isEmpty() || !mounts.isEmpty();
    }

    private boolean isMountNext() {
        return page.isEmpty()
                || !mounts.isEmpty()
                        && (!byName
                                || MountTable.BY_BYTES.compare(
                                                mounts.element().name(),
                                                page.element().name())
                                        < 0);
    }

    @Override
    public void close() {
        stored.close();
    }
}
