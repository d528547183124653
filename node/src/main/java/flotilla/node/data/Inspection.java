package flotilla.node.data;

import flotilla.node.scan.Subject;
import flotilla.node.scan.Turn.Waiting;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.tree.UserTree;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.VirtualPath;
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

    Inspection(DataPlane plane, TransferOrder order, UserTree tree, Waiting waiting) {
        this.plane = plane;
        this.order = order;
        this.tree = tree;
        this.waiting = waiting;
    }

    /**
     * Scans the upload.
     *
     * @return false when the upload was given up meanwhile
     */
    boolean passes(ByteSink sink) throws StorageException {
        Subject subject = new Subject(order.transfer().path(), order.user(), order.sessionId());
        try {
            return plane.scans().passes(sink, subject, plane::mayWrite, waiting);
        } catch (StorageException e) {
            refused = FINAL.contains(e.reason());
            throw e;
        }
    }

    /** Undoes the upload: as {@code otherwise}, unless the scanner has refused it. */
    void undo(ByteSink sink, Remains otherwise) {
        if (!refused) {
            sink.abort(otherwise);
            return;
        }
        boolean continues = sink.begun().base() == Base.PART;
        sink.abort(continues || otherwise == Remains.NOTHING ? Remains.NOTHING : Remains.DISCARD);
        if (continues) {
            markBroken();
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
