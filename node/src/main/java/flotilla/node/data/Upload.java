package flotilla.node.data;

import flotilla.node.protocol.AsciiConverter;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The sink of an upload with its limits and its conversion. Bytes that are not committed are kept as a part, if
 * that is configured.
 */
final class Upload implements AutoCloseable {
    private final DataPlane plane;
    private final ByteSink sink;
    private final Transfer.Receive receive;
    private final QuotaAccount quota;
    private final AsciiConverter ascii = new AsciiConverter();
    private ByteBuffer converted = ByteBuffer.allocate(0);
    private long size;
    private final Remains broken;
    private final Inspection inspection;
    private boolean committed;
    /**
     * True when the last bytes did not fit, or when the client's stream is damaged. The part of such an upload is
     * not kept: it would fill the storage, or be no part of the file.
     */
    private boolean worthless;

    /**
     * Begins nothing yet.
     *
     * @param broken what stays of the bytes when the upload fails
     * @param inspection looks at the upload before it is committed
     */
    Upload(
            DataPlane plane,
            ByteSink sink,
            Transfer.Receive receive,
            QuotaAccount quota,
            Remains broken,
            Inspection inspection) {
        this.inspection = inspection;
        this.plane = plane;
        this.broken = broken;
        this.sink = sink;
        this.receive = receive;
        this.quota = quota;
        this.size = sink.start();
        sink.fenceBy(plane::mayWrite);
        sink.whileWaiting(inspection::alive);
    }

    void begin() throws StorageException {
        if (!quota.begin()) {
            throw new StorageException(Reason.QUOTA_EXCEEDED, "the user's quota is used up");
        }
    }

    /** Reads the next bytes into an empty buffer. Returns false at the end. */
    boolean read(DataSocket socket, ByteBuffer buffer) throws IOException {
        try {
            return socket.read(buffer) >= 0;
        } catch (Refused e) {
            worthless = e.ending() != Ending.CUT;
            throw e;
        }
    }

    void write(ByteBuffer bytes) throws StorageException {
        if (!receive.ascii()) {
            store(bytes);
            return;
        }
        if (converted.capacity() < bytes.remaining() + 1) {
            converted = ByteBuffer.allocate(bytes.remaining() + 1);
        }
        converted.clear();
        ascii.toLocal(bytes, converted);
        store(converted.flip());
    }

    private void store(ByteBuffer bytes) throws StorageException {
        worthless = true;
        size += bytes.remaining();
        if (receive.maxFileBytes() > 0 && size > receive.maxFileBytes()) {
            throw new StorageException(Reason.TOO_LARGE, "the file exceeds what its user may store");
        }
        if (!quota.grow(bytes.remaining())) {
            throw new StorageException(Reason.QUOTA_EXCEEDED, "the user's quota is used up");
        }
        requireMembership(plane);
        sink.write(bytes);
        worthless = false;
    }

    /**
     * Has the upload scanned, and makes it visible.
     *
     * @return false when it was given up during the scan
     */
    boolean commit() throws StorageException {
        // An empty file counts as a file, too.
        store(ByteBuffer.allocate(0));
        if (receive.ascii()) {
            converted = ByteBuffer.allocate(1);
            ascii.finishLocal(converted);
            store(converted.flip());
        }
        requireMembership(plane);
        if (!inspection.passes(sink)) {
            return false;
        }
        requireMembership(plane);
        quota.committing();
        sink.commit();
        quota.committed(sink.replaced());
        committed = true;
        return true;
    }

    /** The size of the whole file in bytes. */
    long size() {
        return size;
    }

    @Override
    public void close() {
        if (!committed) {
            undo();
        }
    }

    /**
     * Discards a failed upload, or keeps it as a part. A node that may not write must do neither, so this waits
     * until it may.
     */
    private void undo() {
        boolean interrupted = Thread.interrupted();
        try {
            plane.awaitMayWrite();
            inspection.undo(sink, broken == Remains.KEEP && worthless ? Remains.DISCARD : broken, size);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until this node may write. Others may have declared it dead and write the same files. */
    static void requireMembership(DataPlane plane) throws StorageException {
        if (!plane.awaitMayWrite()) {
            throw new StorageException(Reason.IO, "this node is not sure to be a member of its cluster");
        }
    }
}
