package flotilla.node.transfer;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.protocol.Facts.Fact;
import flotilla.storage.Entry;
import java.util.Set;

/** What a data connection is to do. Paths are virtual paths as text. */
public sealed interface Transfer extends Wire {

    /**
     * RETR: a file from an offset on. The size, the time and the identity are those that the file had when the command was
     * accepted: another version of it is not sent.
     *
     * @param size bytes
     * @param modifiedMillis milliseconds since 1970
     * @param identity {@link Entry#identity}
     */
    record Send(
            @Tag(1) String path,
            @Tag(2) long offset,
            @Tag(3) boolean ascii,
            @Tag(4) long size,
            @Tag(5) long modifiedMillis,
            @Tag(6) String identity)
            implements Transfer {
        /** Whether {@code opened} is the version that the client was told of, or that version with an append. */
        public boolean isOf(Entry opened) {
            return opened.identity().equals(identity)
                    && opened.modifiedMillis() == modifiedMillis
                    && opened.size() >= size;
        }
    }

    /**
     * STOR, STOU, APPE.
     *
     * @param maxFileBytes 0 for no limit
     * @param lockName {@link flotilla.storage.StorageBackend#lockName} of the file
     * @param replaces whether a whole file goes where one, or its part, was when the command was accepted
     */
    record Receive(
            @Tag(1) String path,
            @Tag(2) Placement placement,
            @Tag(3) long offset,
            @Tag(4) boolean ascii,
            @Tag(5) long maxFileBytes,
            @Tag(6) String lockName,
            @Tag(7) boolean replaces)
            implements Transfer {}

    /**
     * LIST, NLST, MLSD.
     *
     * @param pattern wildcard for names, empty for all
     * @param selfAndParent whether LIST shows {@code .} and {@code ..}
     * @param itself whether the entry at the path is listed and not what it holds
     * @param prefix stands before each name of NLST
     * @param shownAs the name of what is listed itself, without prefix; empty for its own
     */
    record SendListing(
            @Tag(1) String path,
            @Tag(2) Format format,
            @Tag(3) String pattern,
            @Tag(4) boolean hidden,
            @Tag(5) Order order,
            @Tag(6) boolean reversed,
            @Tag(7) boolean itself,
            @Tag(8) String prefix,
            @Tag(9) Set<Fact> facts,
            @Tag(10) boolean selfAndParent,
            @Tag(11) String shownAs)
            implements Transfer {}

    /** Where an upload goes in its file. */
    enum Placement {
        REPLACE,
        CREATE_NEW,
        APPEND,
        RESUME
    }

    /** How a listing line looks. */
    enum Format {
        LIST,
        NLST,
        MLSD
    }

    /** How a listing is sorted. */
    enum Order {
        NAME,
        TIME,
        SIZE
    }

    default boolean isUpload() {
        return this instanceof Receive;
    }

    /** The path the transfer is about. */
    String path();
}
