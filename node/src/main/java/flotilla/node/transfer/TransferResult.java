package flotilla.node.transfer;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;

/**
 * How a transfer ended.
 *
 * @param bytes bytes moved over the data connection, without TLS
 * @param millis from the order to the end
 * @param resumed whether the data TLS session was the control connection's
 * @param detail for logs, never for the client; may be empty
 * @param node name of the node with the data connection
 */
public record TransferResult(
        @Tag(1) long transferId,
        @Tag(2) Ending ending,
        @Tag(3) long bytes,
        @Tag(4) long millis,
        @Tag(5) boolean resumed,
        @Tag(6) String detail,
        @Tag(7) String node)
        implements Wire {

    /** The ways a transfer ends; each has one reply. */
    public enum Ending {
        COMPLETE,
        /** ABOR. */
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
        /** Not the client certificate of the control connection. */
        WRONG_CERTIFICATE,
        NO_SPACE,
        QUOTA_EXCEEDED,
        TOO_LARGE,
        NOT_FOUND,
        ACCESS_DENIED,
        /** The name was taken meanwhile, or another upload holds it. */
        BUSY,
        OFFSET_OUT_OF_RANGE,
        /** The storage failed. */
        FAILED,
        /** This node has no room for another transfer. */
        NO_CAPACITY
    }

    /** The same for another transfer id: a connection may fail before its transfer has one. */
    public TransferResult of(long id) {
        return new TransferResult(id, ending, bytes, millis, resumed, detail, node);
    }

    public boolean isComplete() {
        return ending == Ending.COMPLETE;
    }
}
