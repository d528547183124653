package flotilla.node.data;

import flotilla.node.protocol.Encoding;
import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Facts.Fact;
import flotilla.node.protocol.Glob;
import flotilla.node.protocol.ListLine;
import flotilla.node.protocol.Names;
import flotilla.node.transfer.Transfer.Format;
import flotilla.node.transfer.Transfer.SendListing;
import flotilla.node.tree.UserTree;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a listing page by page: a directory of any size takes the memory of one page, unless it is sorted by time or
 * size.
 */
final class ListingWriter {
    private static final int PAGE = 256;

    private final SendListing listing;
    private final UserTree tree;
    private final VirtualPath path;
    private final long now;
    private final ListingLimits limits;
    private final Encoding encoding;
    private final StringBuilder line = new StringBuilder(256);
    private final Set<Fact> facts;
    private String filePermissions = "";
    private Entry.@Nullable Type permissionsOf;
    private final boolean uniform;
    private Shown shown = entry -> {};

    /** Takes a full buffer, flipped for reading. */
    interface Chunks {
        void send(ByteBuffer chunk) throws IOException;
    }

    /** Gets each entry that a listing shows, but for {@code .} and {@code ..}. */
    interface Shown {
        void entry(Entry entry) throws IOException, StorageException;
    }

    ListingWriter(SendListing listing, UserTree tree, long now, ListingLimits limits, Encoding encoding)
            throws StorageException {
        this.encoding = encoding;
        this.listing = listing;
        this.tree = tree;
        this.path = VirtualPath.of(listing.path());
        this.now = now;
        this.uniform = tree.mount().isUniform(path);
        this.limits = limits;
        this.facts = Facts.known(listing.facts(), tree.capabilities(path));
    }

    void write(ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        buffer.clear();
        if (listing.tree().isEmpty()) {
            writeOne(buffer, out);
        } else {
            new TreeListing(listing, tree, now, limits, encoding).write(buffer, out);
        }
        if (buffer.position() > 0) {
            out.send(buffer.flip());
        }
    }

    /** Writes one directory, or the entry itself, behind what is in the buffer. The last lines stay in the buffer. */
    void writeOne(Shown each, ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        shown = each;
        writeOne(buffer, out);
    }

    private void writeOne(ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        if (listing.itself()) {
            append(tree.stat(path), path, buffer, out);
        } else if (SortedListing.isNeeded(listing)) {
            writeSorted(limits, buffer, out);
        } else if (!lacksOrder() || !writeIfItFits(buffer, out)) {
            try (Listing entries =
                    tree.list(path, listing.format() == Format.LIST ? Listing.Order.NAME : Listing.Order.NONE)) {
                writeAll(entries, buffer, out);
            }
        }
    }

    private void writeAll(Listing entries, ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        writeSelfAndParent(buffer, out);
        for (List<Entry> page = entries.next(PAGE); !page.isEmpty(); page = entries.next(PAGE)) {
            for (Entry entry : page) {
                show(entry, buffer, out);
            }
        }
    }

    /** Returns true when a store gives names in no order, although LIST shows them in one. */
    private boolean lacksOrder() {
        return listing.format() == Format.LIST && !tree.capabilities(path).contains(Capability.NAME_ORDER);
    }

    private boolean writeIfItFits(ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        try {
            writeSorted(limits.impatient(), buffer, out);
            return true;
        } catch (StorageException e) {
            if (e.reason() == Reason.LISTING_TOO_LARGE) {
                return false;
            }
            throw e;
        }
    }

    /** Sorts before it writes the first line. */
    private void writeSorted(ListingLimits within, ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        try (SortedListing sorted = new SortedListing(listing, () -> tree.list(path, Listing.Order.NONE), within)) {
            List<Entry> entries = sorted.entries(this::isShown);
            writeSelfAndParent(buffer, out);
            for (Entry entry : entries) {
                show(entry, buffer, out);
            }
        }
    }

    private void writeSelfAndParent(ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        if (listing.format() == Format.LIST
                && listing.selfAndParent()
                && listing.pattern().isEmpty()) {
            Entry self = tree.stat(path);
            append(self.named("."), path, buffer, out);
            append(tree.stat(path.parent()).named(".."), path, buffer, out);
        }
    }

    private void show(Entry entry, ByteBuffer buffer, Chunks out) throws IOException, StorageException {
        if (isShown(entry)) {
            shown.entry(entry);
            append(entry, path, buffer, out);
        }
    }

    private void append(Entry entry, VirtualPath directory, ByteBuffer buffer, Chunks out)
            throws IOException, StorageException {
        if (!isShown(entry)) {
            return;
        }
        line.setLength(0);
        switch (listing.format()) {
            case LIST ->
                ListLine.append(
                        line, listing.shownAs().isEmpty() ? entry : entry.named(listing.shownAs()), limits.zone(), now);
            case NLST -> line.append(Names.printable(nlstName(entry))).append("\r\n");
            case MLSD -> {
                Facts.append(line, facts, entry, permissions(directory, entry), entry.name());
                line.append("\r\n");
            }
        }
        put(line, encoding, buffer, out);
    }

    private String nlstName(Entry entry) {
        return listing.shownAs().isEmpty() ? listing.prefix() + entry.name() : listing.shownAs();
    }

    /** The permissions of a user. They are the same for all files of a directory, unless a rule or a mount
     * is among them. */
    private String permissions(VirtualPath directory, Entry entry) throws StorageException {
        if (!uniform) {
            return tree.permissions(directory.resolve(entry.name()), entry);
        }
        if (permissionsOf != entry.type()) {
            permissionsOf = entry.type();
            filePermissions =
                    tree.permissions(entry.isDirectory() ? directory.resolve(entry.name()) : directory, entry);
        }
        return filePermissions;
    }

    private boolean isShown(Entry entry) {
        String name = entry.name();
        if (listing.format() == Format.MLSD && Names.hasControl(name)) {
            return false;
        }
        boolean dotFile = name.startsWith(".") && !listing.itself();
        if (dotFile && !listing.hidden() && !listing.pattern().startsWith(".")) {
            return false;
        }
        return listing.pattern().isEmpty() || Glob.matches(listing.pattern(), name);
    }

    /** Appends a line to the buffer. Sends the buffer first, when there is no room. */
    static void put(StringBuilder line, Encoding encoding, ByteBuffer buffer, Chunks out) throws IOException {
        int length = line.length();
        if (!encoding.isUtf8()) {
            put(encoding.encode(line.toString()), buffer, out);
            return;
        }
        if (buffer.remaining() < 3 * length) {
            out.send(buffer.flip());
            buffer.clear();
        }
        for (int i = 0; i < length; i++) {
            char c = line.charAt(i);
            if (c >= 0x80) {
                buffer.put(line.substring(i).getBytes(StandardCharsets.UTF_8));
                return;
            }
            buffer.put((byte) c);
        }
    }

    private static void put(byte[] bytes, ByteBuffer buffer, Chunks out) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            int count = Math.min(left.remaining(), buffer.remaining());
            buffer.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            if (!buffer.hasRemaining()) {
                out.send(buffer.flip());
                buffer.clear();
            }
        }
    }
}
