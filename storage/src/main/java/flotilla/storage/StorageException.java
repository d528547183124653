package flotilla.storage;

import org.jspecify.annotations.Nullable;

/**
 * Why a backend could not do what it was asked. The message is for logs: it may hold real paths, a client never sees
 * it.
 */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The closed list of reasons; the node maps each to one reply. */
    public enum Reason {
        NOT_FOUND,
        NOT_A_DIRECTORY,
        IS_A_DIRECTORY,
        /** Neither a regular file nor a directory: a device, socket or FIFO. */
        NOT_A_FILE,
        NOT_EMPTY,
        ALREADY_EXISTS,
        ACCESS_DENIED,
        /** The file system takes no changes now. */
        READ_ONLY,
        /** A name the backend or the file system does not take. */
        INVALID_NAME,
        NO_SPACE,
        /** A quota of the file system, of the server's user or of a directory, is used up. */
        DISK_QUOTA,
        QUOTA_EXCEEDED,
        /** The file would exceed the largest size its user may store. */
        TOO_LARGE,
        /** A restart offset beyond the end of the file. */
        OFFSET_OUT_OF_RANGE,
        /** A restart offset beyond the end of the part that a broken upload left. */
        PART_TOO_SHORT,
        /** An append to a file of which a broken upload is kept: it may be meant to resume that one. */
        UNFINISHED,
        /** Someone else is writing the file. */
        BUSY,
        /** The listing would take more memory than listings may have now. */
        LISTING_TOO_LARGE,
        /** The object is not the one that was looked at before. */
        CHANGED,
        /** A rename between two file systems. */
        CROSS_DEVICE,
        /** A rename of a directory into itself. */
        INTO_ITSELF,
        UNSUPPORTED,
        IO
    }

    private final Reason reason;

    public StorageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public StorageException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
