package flotilla.node.transfer;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.Arrays;
import java.util.Optional;

/**
 * The result of a transfer.
 *
 * @param bytes bytes that the data connection moved, without TLS and without the compression of MODE Z
 * @param millis milliseconds from the order to the end
 * @param resumed true when the data connection resumed the control connection's TLS session
 * @param detail text for logs, never for the client; may be empty. Of an infected upload it is the name of the
 *     signature, which the client sees
 * @param node name of the node with the data connection
 * @param reason name of the {@link StorageException.Reason} for which the storage refused or failed; empty for none
 */
public record TransferResult(
        @Tag(1) long transferId,
        @Tag(2) Ending ending,
        @Tag(3) long bytes,
        @Tag(4) long millis,
        @Tag(5) boolean resumed,
        @Tag(6) String detail,
        @Tag(7) String node,
        @Tag(8) String reason)
        implements Wire {

    /** The endings of a transfer. Each has one reply. */
    public enum Ending {
        COMPLETE,
        /** The client sent ABOR. */
        ABORTED,
        /** The client closed or reset the connection, or it broke. */
        LOST,
        /** An upload ended without close_notify. */
        TRUNCATED,
        /** No byte moved for the stall time. */
        STALLED,
        /** The TLS handshake failed or timed out. */
        TLS_FAILED,
        /** The TLS session is not the control connection's. */
        NOT_RESUMED,
        /** The client did not show the client certificate of the control connection. */
        WRONG_CERTIFICATE,
        NO_SPACE,
        QUOTA_EXCEEDED,
        TOO_LARGE,
        NOT_FOUND,
        ACCESS_DENIED,
        /** The file was changed meanwhile, or another upload holds it. */
        BUSY,
        OFFSET_OUT_OF_RANGE,
        /** The storage failed. */
        FAILED,
        /** This node has no room for another transfer. */
        NO_CAPACITY,
        /** The compressed stream of an upload ended before its end. */
        CUT,
        /** The compressed stream of an upload is none, or bytes came after it. */
        DAMAGED,
        /** The compressed stream of an upload expands too far. */
        BOMB,
        /** A recursive listing met a limit before it was whole. */
        TREE_TOO_LARGE,
        /** A scanner found something in the upload. */
        INFECTED,
        /** The upload must not be stored without a scan, and none was possible. */
        NOT_SCANNED;

        /** The ending of a transfer that the storage refused or failed. */
        public static Ending of(StorageException.Reason reason) {
            return switch (reason) {
                case NO_SPACE, DISK_QUOTA -> NO_SPACE;
                case QUOTA_EXCEEDED -> QUOTA_EXCEEDED;
                case TOO_LARGE -> TOO_LARGE;
                case NOT_FOUND, NOT_A_DIRECTORY, NOT_A_FILE, IS_A_DIRECTORY, INVALID_NAME -> NOT_FOUND;
                case ACCESS_DENIED -> ACCESS_DENIED;
                case BUSY, LISTING_TOO_LARGE, ALREADY_EXISTS, CHANGED -> BUSY;
                case OFFSET_OUT_OF_RANGE, PART_TOO_SHORT -> OFFSET_OUT_OF_RANGE;
                case UNFINISHED -> BUSY;
                case INFECTED -> INFECTED;
                case NOT_SCANNED, TOO_LARGE_TO_SCAN, HELD_BACK -> NOT_SCANNED;
                case NOT_EMPTY, CROSS_DEVICE, MOUNT_POINT, INTO_ITSELF, READ_ONLY, UNSUPPORTED, IO -> FAILED;
            };
        }
    }

    /** The same with another transfer id: a connection can fail before its transfer has one. */
    public TransferResult of(long id) {
        return new TransferResult(id, ending, bytes, millis, resumed, detail, node, reason);
    }

    /**
     * The reason for which the storage refused or failed. Empty when it did not, or when a newer node sent a reason
     * that this one does not know.
     */
    public Optional<Reason> storageReason() {
        return Arrays.stream(Reason.values())
                .filter(known -> known.name().equals(reason))
                .findFirst();
    }

    /** Returns true when all bytes arrived and, for an upload, the file is stored. */
    public boolean isComplete() {
        return ending == Ending.COMPLETE;
    }
}
