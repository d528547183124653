package flotilla.storage.s3;

import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException;
import flotilla.storage.UploadStart.Base;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what stays of an upload that broke. */
final class UploadRemains {
    private static final Logger LOG = LoggerFactory.getLogger(UploadRemains.class);

    private final UploadMeans means;
    private final UploadPlan plan;
    private final LookUps lookUps;
    private final UploadBytes bytes;

    UploadRemains(UploadMeans means, UploadPlan plan, LookUps lookUps, UploadBytes bytes) {
        this.means = means;
        this.plan = plan;
        this.lookUps = lookUps;
        this.bytes = bytes;
    }

    /**
     * Leaves what is to remain. It never fails: what cannot be removed now is swept later.
     *
     * @param staged whether the parts were made an object already, which no upload goes on with
     */
    void leave(Remains remains, boolean staged) {
        try {
            leaveParts(remains, staged);
        } catch (StorageException e) {
            LOG.warn("The rest of a broken upload is left to the sweep: {}", e.getMessage());
        }
        if (staged || bytes.parked().isPresent()) {
            try {
                removeOwn(staged);
            } catch (StorageException e) {
                LOG.warn("An object of a broken upload is left to the sweep: {}", e.getMessage());
            }
        }
    }

    private void removeOwn(boolean staged) throws StorageException {
        if (bytes.parked().isPresent()) {
            means.bucket().delete(bytes.parked().get());
        }
        if (staged) {
            means.bucket().delete(means.records().staged(plan.key(), bytes.staged().orElse(plan.id())));
        }
    }

    private void leaveParts(Remains remains, boolean staged) throws StorageException {
        if (plan.isUnresumable()) {
            abortParts();
        } else if (remains == Remains.NOTHING || !lookUps.hasDirectory(plan.target())) {
            boolean replaced = plan.recorded() && plan.existing().isPresent();
            remove(replaced && remains == Remains.NOTHING);
        } else if (remains == Remains.KEEP && means.keepParts() && !staged) {
            keepUnlessTaken();
        } else if (means.keepParts() && plan.begun().base() == Base.PART && !staged && restore()) {
            return;
        } else {
            remove(plan.existing().isPresent() && !plan.isExclusive());
        }
    }

    private void keepUnlessTaken() throws StorageException {
        if (plan.isExclusive() && means.bucket().head(plan.key()).isPresent()) {
            remove(false);
        } else {
            keep();
        }
    }

    /** Removes the bytes, and leaves an empty record or none. */
    private void remove(boolean leaveEmpty) throws StorageException {
        abortParts();
        if (leaveEmpty) {
            means.records().put(plan.key(), PartRecord.empty(plan.over()), Body.EMPTY);
        } else if (plan.recorded() || bytes.hasChangedRecord()) {
            means.records().delete(plan.key());
        }
    }

    private void abortParts() throws StorageException {
        @Nullable PartSender sender = bytes.sender();
        if (sender != null) {
            sender.settle();
            means.bucket().multiparts().abort(sender.key(), sender.id());
        } else if (plan.kept().isPresent()) {
            means.records().abort(plan.key(), plan.kept().get().record());
        }
    }

    /** Leaves all bytes for another upload that goes on with them. */
    private void keep() throws StorageException {
        @Nullable PartSender sender = bytes.sender();
        if (sender != null) {
            sender.settle();
            long arrived = KeptBytes.bytes(sender.arrived());
            if (bytes.isBroken() || arrived < bytes.at()) {
                bytes.record(arrived, 0);
                return;
            }
        }
        if (bytes.isInRecord()) {
            return;
        }
        bytes.fetch();
        if (plan.copied() > 0) {
            bytes.open().settle();
        }
        bytes.record(bytes.at(), bytes.buffer().size());
    }

    /** Leaves the bytes with which this upload began, or fewer. Returns false when that is not possible. */
    private boolean restore() throws StorageException {
        if (!bytes.hasChangedRecord()) {
            return true;
        }
        @Nullable PartSender sender = bytes.sender();
        if (sender == null) {
            bytes.fetch();
            bytes.buffer().truncate(Math.min(bytes.buffer().size(), plan.start().tail()));
            bytes.record(plan.start().inParts(), bytes.buffer().size());
            return true;
        }
        if (bytes.keptMultipart().isEmpty()) {
            return false;
        }
        sender.settle();
        sender.spoil(plan.start().parts().size() + 1, sender.next() - 1);
        bytes.record(plan.start().inParts(), 0);
        return true;
    }
}
