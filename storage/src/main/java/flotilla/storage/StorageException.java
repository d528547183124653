package flotilla.storage;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a backend, with its reason. The message is for logs and may hold real paths. A client never sees it.
 */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The closed list of reasons. The node maps each one to a reply. */
    public enum Reason {
        NOT_FOUND,
        NOT_A_DIRECTORY,
        IS_A_DIRECTORY,
        /** The object is a device, socket or FIFO: neither a regular file nor a directory. */
        NOT_A_FILE,
        NOT_EMPTY,
        ALREADY_EXISTS,
        ACCESS_DENIED,
        /** The file system takes no changes now. */
        READ_ONLY,
        /** The backend or the file system refuses the name. */
        INVALID_NAME,
        NO_SPACE,
        /** A quota of the file system is used up: that of the server's user or of a directory. */
        DISK_QUOTA,
        QUOTA_EXCEEDED,
        /** The file would exceed the largest size that its user may store. */
        TOO_LARGE,
        /** The restart offset lies beyond the end of the file. */
        OFFSET_OUT_OF_RANGE,
        /** The restart offset lies beyond the end of the part that a broken upload left. */
        PART_TOO_SHORT,
        /** A broken upload of the file is kept, so an append to the file might be meant to resume that upload. */
        UNFINISHED,
        /** Another session writes the file. */
        BUSY,
        /** The listing would take more memory than is free for listings. */
        LISTING_TOO_LARGE,
        /** The name belongs to another object than before. */
        CHANGED,
        /** The rename would cross stores or file systems. */
        CROSS_DEVICE,
        /** The name is a mount or leads to one, so it cannot be changed. */
        MOUNT_POINT,
        /** The directory would move into itself. */
        INTO_ITSELF,
        UNSUPPORTED,
        /** A scanner found something in the upload. The message is its name in printable ASCII, and the client may see it. */
        INFECTED,
        /** No scanner has looked at the upload, and it must not be stored without. */
        NOT_SCANNED,
        /** The upload is larger than what can be scanned. */
        TOO_LARGE_TO_SCAN,
        /** No scanner has looked at the upload, and it was moved to where an operator looks at it. */
        HELD_BACK,
        IO
    }

    private final Reason reason;

    /**
     * Creates the failure.
     *
     * @param message for logs
     */
    public StorageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Creates the failure with its cause.
     *
     * @param message for logs
     */
    public StorageException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the reason, from which the reply follows. */
    public Reason reason() {
        return reason;
    }
}
