package flotilla.node.data;

import flotilla.node.scan.Subject;
import flotilla.node.scan.Turn.Waiting;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.tree.UserTree;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The look of a scanner at one upload, between its last byte and its commit. */
final class Inspection {
    private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);
    /** Reasons after which no byte of the upload may be used again. */
    private static final Set<Reason> FINAL = EnumSet.of(Reason.INFECTED, Reason.TOO_LARGE_TO_SCAN, Reason.HELD_BACK);

    private final DataPlane plane;
    private final TransferOrder order;
    private final UserTree tree;
    private final Waiting waiting;
    private boolean refused;
    /** True when all bytes came and there is no verdict. */
    private boolean undecided;

    Inspection(DataPlane plane, TransferOrder order, UserTree tree, Waiting waiting) {
        this.plane = plane;
        this.order = order;
        this.tree = tree;
        this.waiting = waiting;
    }

    /** Hears that the storage works, though no byte moves. Does not block. */
    void alive() {
        waiting.alive();
    }

    /**
     * Scans the upload.
     *
     * @return false when the upload was given up meanwhile
     */
    boolean passes(ByteSink sink) throws StorageException {
        undecided = true;
        Subject subject = new Subject(order.transfer().path(), order.user(), order.sessionId());
        try {
            boolean passes = plane.scans().passes(sink, subject, plane::mayWrite, waiting);
            undecided = !passes;
            return passes;
        } catch (StorageException e) {
            refused = FINAL.contains(e.reason());
            throw e;
        }
    }

    /**
     * Undoes the upload: as {@code otherwise}, unless the scanner has refused it. Where there is no verdict, the part
     * loses its last byte: a client that asks for its size must not take the upload for stored (lftp does).
     *
     * @param size bytes of the whole file
     */
    void undo(ByteSink sink, Remains otherwise, long size) {
        if (!refused) {
            boolean shortens = undecided && otherwise == Remains.KEEP;
            sink.abort(shortens && size == 0 ? Remains.DISCARD : otherwise);
            if (shortens && size > 0) {
                shorten(size);
            }
            return;
        }
        boolean continues = sink.begun().base() == Base.PART;
        sink.abort(continues || otherwise == Remains.NOTHING ? Remains.NOTHING : Remains.DISCARD);
        if (continues) {
            markBroken();
        }
    }

    private void shorten(long size) {
        WriteMode again = WriteMode.resumeAt(size - 1);
        try {
            VirtualPath path = VirtualPath.of(order.transfer().path());
            UploadCheck found = tree.checkWrite(path, again);
            if (found.part().orElse(-1) == size && found.start().base() == Base.PART) {
                try (ByteSink part = tree.write(path, again)) {
                    part.abort(Remains.KEEP);
                }
            }
        } catch (StorageException e) {
            LOG.debug("the part of {} keeps its last byte", order.transfer().path(), e);
        }
    }

    /** Where a file has the name, a client that resumes must not take it for the first bytes of the upload. */
    private void markBroken() {
        try {
            tree.beginReplacing(VirtualPath.of(order.transfer().path()));
        } catch (StorageException e) {
            LOG.warn(
                    "{} is not marked as replaced by a broken upload: {}",
                    order.transfer().path(),
                    e.getMessage());
        }
    }
}
