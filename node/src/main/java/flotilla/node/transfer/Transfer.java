package flotilla.node.transfer;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.protocol.Facts.Fact;
import flotilla.storage.Entry;
import java.util.Set;

/** The task of a data connection. Paths are virtual paths as text. */
public sealed interface Transfer extends Wire {

    /**
     * RETR: a file from an offset on. Size, time and identity are those of the file when the command was accepted; no
     * other version of it is sent.
     *
     * @param offset bytes to skip
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
        /**
         * Returns true when {@code opened} is the version that the client was told of, or that version with bytes
         * appended.
         */
        public boolean isOf(Entry opened) {
            return opened.identity().equals(identity)
                    && opened.modifiedMillis() == modifiedMillis
                    && opened.size() >= size;
        }
    }

    /**
     * STOR, STOU, APPE.
     *
     * @param offset the first byte to write, with {@code RESUME}
     * @param maxFileBytes largest size of the file, in bytes; 0 for no limit
     * @param lockName {@link flotilla.storage.StorageBackend#lockName} of the file
     * @param replaces true when a whole file replaces a file or its part that existed when the command was accepted
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
     * @param pattern wildcard for names; empty for all
     * @param selfAndParent true when LIST shows {@code .} and {@code ..}
     * @param itself true to list the entry at the path and not its contents
     * @param prefix text before each name of NLST
     * @param shownAs name of an entry that is listed itself, without prefix; empty for its own name
     * @param tree name that a recursive listing gives the directory; empty for one that is not recursive
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
            @Tag(11) String shownAs,
            @Tag(12) String tree)
            implements Transfer {

        /** The same for a directory below, one level only. */
        public SendListing of(String directory) {
            return new SendListing(
                    directory, format, pattern, hidden, order, reversed, itself, "", facts, selfAndParent, shownAs, "");
        }
    }

    /** The place of an upload in its file. */
    enum Placement {
        REPLACE,
        CREATE_NEW,
        APPEND,
        RESUME
    }

    /** The form of a listing. */
    enum Format {
        LIST,
        NLST,
        MLSD
    }

    /** The order of a listing. */
    enum Order {
        NAME,
        TIME,
        SIZE
    }

    /** Returns true for a transfer from the client. */
    default boolean isUpload() {
        return this instanceof Receive;
    }

    /** The path of the file or directory. */
    String path();
}
