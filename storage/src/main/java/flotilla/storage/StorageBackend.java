package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A tree of files. Every method blocks until it is done, on the caller's thread, and throws {@link StorageException}
 * for any failure; {@link AsyncStorage} serves callers that must not block. Many threads may use a backend at once. A
 * backend knows nothing of users, sessions or FTP, and nothing outside its root can be reached through it.
 */
public interface StorageBackend extends AutoCloseable {
    /** What this backend can do beyond the least. Always the same; does not block. */
    Set<Capability> capabilities();

    /** The entry at {@code path}; of a link that leads nowhere, or is not followed, the link's. */
    Entry stat(VirtualPath path) throws StorageException;

    /**
     * Opens a directory for listing. {@code NOT_A_DIRECTORY} for a file. What is made, removed or renamed while a
     * listing is read may be in it or not.
     */
    Listing list(VirtualPath directory, Listing.Order order) throws StorageException;

    /**
     * Opens a file for reading at {@code offset} bytes; {@code OFFSET_OUT_OF_RANGE} beyond its end. The caller closes
     * it.
     */
    ByteSource read(VirtualPath file, long offset) throws StorageException;

    /**
     * Opens an upload; {@link UploadStart#of} decides where it begins. The directory must exist; {@code IS_A_DIRECTORY}
     * when the name is one; {@code BUSY} while another upload of this backend writes it.
     */
    ByteSink write(VirtualPath file, WriteMode mode) throws StorageException;

    /** Tells where an upload would begin, and changes nothing. Fails as {@link #write} would. */
    UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException;

    /**
     * Notes, before a client is told to send, that a replacement of a file or of its part begins: the part is emptied,
     * so that nothing takes the old bytes for the first ones of this upload, also when not one of them arrives. Without
     * effect where there is neither, or without {@link Capability#RESUME}.
     */
    default void beginReplacing(VirtualPath file) throws StorageException {}

    /**
     * The name under which writers of {@code path} exclude each other: the same for each path, home and node that leads
     * to the same name of the same directory. A link at the end is not followed. It begins with the lock name of its
     * directory and a slash. The lock name of a root begins with something that no other store has, such as the address
     * of its server.
     */
    String lockName(VirtualPath path) throws StorageException;

    /**
     * Bytes of the part that a broken upload of {@code file} left; empty where a committed file has the name, or
     * without one.
     */
    default OptionalLong partSize(VirtualPath file) throws StorageException {
        return OptionalLong.empty();
    }

    /**
     * Makes one directory; {@code ALREADY_EXISTS} when the name is taken, {@code NOT_FOUND} when the parent is missing.
     */
    Entry makeDirectory(VirtualPath directory) throws StorageException;

    /**
     * Removes a file, and what a broken upload of it left; {@code IS_A_DIRECTORY} for a directory, {@code NOT_FOUND}
     * when there was neither. A link goes itself, whatever it leads to. Returns the bytes of the committed file that
     * went, empty when there was none.
     */
    Optional<Long> delete(VirtualPath file) throws StorageException;

    /**
     * Removes an empty directory and the parts of uploads to it; {@code NOT_EMPTY} otherwise. The root cannot be
     * removed.
     */
    void removeDirectory(VirtualPath directory) throws StorageException;

    /**
     * Moves {@code from} to {@code to}, in one step with {@link Capability#ATOMIC_RENAME}. A file may replace a file
     * when {@code replace}, a directory replaces nothing. Parts of uploads below a directory move with it; a part of an
     * upload to {@code to} is dropped. Returns the bytes of the file that was replaced, empty when {@code to} was free.
     *
     * @param identity what {@link Entry#identity} was when the client named it; {@code CHANGED} when it is another
     *     object now
     */
    Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace) throws StorageException;

    /**
     * Changes time ({@link Capability#SET_TIME}) or mode ({@link Capability#SET_MODE}) and returns the entry as stored.
     */
    default Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        throw new StorageException(Reason.UNSUPPORTED, "this store sets no times and no modes");
    }

    /** Bytes that can still be stored below {@code directory}, with {@link Capability#FREE_BYTES}. */
    default long freeBytes(VirtualPath directory) throws StorageException {
        throw new StorageException(Reason.UNSUPPORTED, "this store knows no free bytes");
    }

    /** Removes parts of failed uploads that nobody wrote to for {@code age}; returns how many. */
    default int sweepParts(Duration age) throws StorageException {
        return 0;
    }

    @Override
    void close();
}
