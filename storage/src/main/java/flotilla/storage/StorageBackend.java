package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A tree of files. Every method blocks until it is done, on the caller's thread. Every failure is a
 * {@link StorageException}. {@link AsyncStorage} serves callers that must not block. Many threads may use a backend at
 * once.
 *
 * <p>A backend knows nothing of users, sessions or FTP. Nothing outside its root can be reached through it.
 */
public interface StorageBackend extends AutoCloseable {
    /**
     * Returns the same tree, in which uploads and {@link #makeDirectory} give these permission bits. Entries that exist
     * keep theirs. Does not block. The caller does not close it. A backend with {@link Capability#SET_MODE} overrides
     * this; another one returns itself.
     */
    default StorageBackend creating(NewModes modes) {
        return this;
    }

    /** Returns the optional abilities of this backend. They never change. Does not block. */
    Set<Capability> capabilities();

    /** Returns the optional abilities at a path. They differ from {@link #capabilities} in a tree over several stores. */
    default Set<Capability> capabilities(VirtualPath path) {
        return capabilities();
    }

    /**
     * Returns the entry at {@code path}. For a link without a target, or one that is not followed, it is the entry of
     * the link.
     */
    Entry stat(VirtualPath path) throws StorageException;

    /**
     * Opens a directory for listing. A listing may show or miss entries that are created, removed or renamed while it
     * is read.
     *
     * @throws StorageException {@code NOT_A_DIRECTORY} for a file
     */
    Listing list(VirtualPath directory, Listing.Order order) throws StorageException;

    /**
     * Opens a file for reading. The caller closes it.
     *
     * @param offset first byte to read, from 0
     * @throws StorageException {@code OFFSET_OUT_OF_RANGE} beyond the end of the file
     */
    ByteSource read(VirtualPath file, long offset) throws StorageException;

    /**
     * Opens an upload. {@link UploadStart#of} decides where it begins. The directory must exist.
     *
     * @throws StorageException {@code IS_A_DIRECTORY} when a directory has the name; {@code BUSY} while another upload
     *     of this backend writes the file
     */
    ByteSink write(VirtualPath file, WriteMode mode) throws StorageException;

    /** Returns where an upload would begin, and changes nothing. It fails where {@link #write} would. */
    UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException;

    /**
     * Records that the replacement of a file or of its part begins, before a client is told to send. It empties the
     * part, so that a later upload does not take the old bytes for the first ones of this upload, even if none of them
     * arrives. It has no effect where there is neither, or without {@link Capability#RESUME}.
     */
    default void beginReplacing(VirtualPath file) throws StorageException {}

    /**
     * Returns the name of the lock by which writers of {@code path} exclude each other. It is the same for each path,
     * home and node that leads to the same name in the same directory. A link at the end is not followed.
     *
     * <p>The name consists of the directory's lock name, a slash and a name. The lock name of a root starts with text
     * that no other store has, such as the address of its server.
     */
    String lockName(VirtualPath path) throws StorageException;

    /**
     * Returns the bytes of the part that a broken upload of {@code file} left. It is empty when there is no part, and
     * when a committed file has the name.
     */
    default OptionalLong partSize(VirtualPath file) throws StorageException {
        return OptionalLong.empty();
    }

    /**
     * Creates one directory.
     *
     * @throws StorageException {@code ALREADY_EXISTS} when the name is taken, {@code NOT_FOUND} when the parent is
     *     missing
     */
    Entry makeDirectory(VirtualPath directory) throws StorageException;

    /**
     * Removes a file and the part of a broken upload to it. Of a link it removes the link, not its target.
     *
     * @return the bytes of the committed file that was removed; empty when there was none
     * @throws StorageException {@code IS_A_DIRECTORY} for a directory, {@code NOT_FOUND} when there was neither file
     *     nor part
     */
    Optional<Long> delete(VirtualPath file) throws StorageException;

    /**
     * Removes an empty directory and the parts of uploads to it. The root cannot be removed.
     *
     * @throws StorageException {@code NOT_EMPTY} when it has entries
     */
    void removeDirectory(VirtualPath directory) throws StorageException;

    /**
     * Moves {@code from} to {@code to}, in one step with {@link Capability#ATOMIC_RENAME}. Parts of uploads below a
     * directory move with it in one step, too; without that capability they are dropped. A part of an upload to
     * {@code to} is dropped.
     *
     * @param identity {@link Entry#identity} of the object that the client named
     * @param replace whether a file may replace a file; a directory never replaces anything
     * @return the bytes of the file that was replaced; empty when there was none
     * @throws StorageException {@code CHANGED} when {@code from} is another object now
     */
    Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace) throws StorageException;

    /**
     * Changes the time ({@link Capability#SET_TIME}) or the mode ({@link Capability#SET_MODE}).
     *
     * @return the entry as stored
     * @throws StorageException {@code UNSUPPORTED} without the capability
     */
    default Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        throw new StorageException(Reason.UNSUPPORTED, "this store sets no times and no modes");
    }

    /**
     * Returns the bytes that can still be stored below {@code directory}.
     *
     * @throws StorageException {@code UNSUPPORTED} without {@link Capability#FREE_BYTES}
     */
    default long freeBytes(VirtualPath directory) throws StorageException {
        throw new StorageException(Reason.UNSUPPORTED, "this store knows no free bytes");
    }

    /**
     * Tries what the service behind this store does with conditions, on objects of the store's own. Blocks.
     *
     * @return empty for a store without such a service, and where it is told to send no conditions
     */
    default Optional<ConditionReport> tryConditions() throws StorageException {
        return Optional.empty();
    }

    /**
     * Removes the parts of broken uploads that were not written to for {@code age}.
     *
     * @return the number of parts removed
     */
    default int sweepParts(Duration age) throws StorageException {
        return 0;
    }

    @Override
    void close();
}
