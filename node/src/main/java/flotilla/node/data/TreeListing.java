package flotilla.node.data;

import flotilla.cluster.MountPoint;
import flotilla.node.data.ListingWriter.Chunks;
import flotilla.node.protocol.Encoding;
import flotilla.node.protocol.Names;
import flotilla.node.transfer.Transfer.SendListing;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.UserTree;
import flotilla.storage.Entry;
import flotilla.storage.ListingMemory;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recursive listing as {@code ls -lR} does: each directory with its name and a colon before it, and an empty
 * line between two. It holds the names of directories that are still to come, and nothing else.
 */
final class TreeListing {
    /** Number of bytes that are sent at the end of a directory: a slow storage shows progress. */
    private static final int ENOUGH = 16 * 1024;

    /** Failures of a directory that went away before it was read. It is left out. */
    private static final Set<Reason> GONE = EnumSet.of(Reason.NOT_FOUND, Reason.NOT_A_DIRECTORY);

    private final SendListing listing;
    private final UserTree tree;
    private final long now;
    private final ListingLimits limits;
    private final Encoding encoding;
    private final Deque<Place> coming = new ArrayDeque<>();
    private int entries;

    /**
     * A directory to list.
     *
     * @param shown its name in the listing
     */
    private record Place(
            VirtualPath path,
            String shown,
            int depth,
            String identity,
            @Nullable Place parent) {
        /** Returns true when a link leads back: the directory is one of those above it. */
        boolean isBelow(String other) {
            for (Place place = this; place != null; place = place.parent()) {
                if (!other.isEmpty() && other.equals(place.identity())) {
                    return true;
                }
            }
            return false;
        }
    }

    TreeListing(SendListing listing, UserTree tree, long now, ListingLimits limits, Encoding encoding) {
        this.encoding = encoding;
        this.listing = listing;
        this.tree = tree;
        this.now = now;
        this.limits = limits;
    }

    /**
     * Writes the listing. The last lines stay in the buffer.
     *
     * @throws StorageException when a directory that the user may list cannot be read, or not to its end
     * @throws Refused when there is more than the limits allow. What was written is then not whole
     */
    void write(ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        VirtualPath root = VirtualPath.of(listing.path());
        try (ListingMemory.Share share = limits.memory().share()) {
            coming.push(new Place(root, listing.tree(), 0, identity(root, tree.stat(root)), null));
            while (!coming.isEmpty()) {
                Place place = coming.pop();
                List<Place> below = directory(place, share, buffer, out);
                for (int i = below.size() - 1; i >= 0; i--) {
                    coming.push(below.get(i));
                }
                if (buffer.position() >= ENOUGH) {
                    out.send(buffer.flip());
                    buffer.clear();
                }
            }
        }
    }

    private List<Place> directory(Place place, ListingMemory.Share share, ByteBuffer buffer, Chunks out)
            throws IOException, StorageException {
        List<Place> below = new ArrayList<>();
        if (place.depth() > 0 && !isListable(place)) {
            return below;
        }
        StringBuilder header = new StringBuilder(place.depth() == 0 ? "" : "\r\n");
        ListingWriter.put(header.append(Names.printable(place.shown())).append(":\r\n"), encoding, buffer, out);
        ListingWriter writer = new ListingWriter(listing.of(place.path().toString()), tree, now, limits, encoding);
        int before = entries;
        try {
            writer.writeOne(entry -> noted(entry, place, share, below), buffer, out);
        } catch (StorageException e) {
            if (place.depth() == 0 || !GONE.contains(e.reason()) || entries > before) {
                throw e;
            }
        }
        return below;
    }

    private boolean isListable(Place place) throws StorageException {
        try {
            return tree.listable(place.path()).isDirectory();
        } catch (StorageException e) {
            if (e.reason() == Reason.ACCESS_DENIED || GONE.contains(e.reason())) {
                return false;
            }
            throw e;
        }
    }

    private void noted(Entry entry, Place parent, ListingMemory.Share share, List<Place> below)
            throws IOException, StorageException {
        entries++;
        if (entries > limits.entries()) {
            throw new Refused(Ending.TREE_TOO_LARGE, "more than limits.recursion-entries");
        }
        if (!entry.isDirectory() || parent.isBelow(identity(parent.path(), entry))) {
            return;
        }
        if (parent.depth() >= limits.depth()) {
            throw new Refused(Ending.TREE_TOO_LARGE, "deeper than limits.recursion-depth");
        }
        String shown =
                parent.shown().endsWith("/") ? parent.shown() + entry.name() : parent.shown() + "/" + entry.name();
        long memory = ListingMemory.ofEntry(shown.length()) + ListingMemory.ofName(shown.length());
        if (!share.grow(memory)) {
            throw new Refused(Ending.TREE_TOO_LARGE, "no memory for the directories that are to come");
        }
        below.add(new Place(path(parent, entry), shown, parent.depth() + 1, identity(parent.path(), entry), parent));
    }

    /** The identity of an entry among all trees of the user: two stores may know different objects by one text. */
    private String identity(VirtualPath path, Entry entry) {
        String place = tree.mount().mounts().pointOf(path).map(MountPoint::path).orElse("");
        return entry.identity().isEmpty() ? "" : place + "//" + entry.identity();
    }

    private static VirtualPath path(Place parent, Entry entry) throws Refused {
        try {
            return parent.path().resolve(entry.name());
        } catch (StorageException tooLong) {
            throw new Refused(Ending.TREE_TOO_LARGE, "a path is longer than paths may be");
        }
    }
}
