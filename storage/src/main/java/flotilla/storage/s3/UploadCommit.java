package flotilla.storage.s3;

import flotilla.storage.CommitFence;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an upload visible. */
final class UploadCommit {
    private static final Logger LOG = LoggerFactory.getLogger(UploadCommit.class);

    private final UploadMeans means;
    private final UploadPlan plan;
    private final LookUps lookUps;
    private final UploadBytes bytes;

    UploadCommit(UploadMeans means, UploadPlan plan, LookUps lookUps, UploadBytes bytes) {
        this.means = means;
        this.plan = plan;
        this.lookUps = lookUps;
        this.bytes = bytes;
    }

    /**
     * Stores the file under its name.
     *
     * @param staged the object that was made of the parts already; empty when there is none
     * @return its bytes
     */
    long commit(CommitFence fence, Optional<Facts> staged) throws StorageException {
        bytes.finish();
        lookUps.checkPlace(plan);
        // Many services do not know the conditions for parts.
        if (!means.bucket().settings().objects().conditionalWrites() || !bytes.isSingle()) {
            checkUnchanged();
        }
        if (!fence.holds()) {
            throw new StorageException(Reason.IO, plan.target().file() + ": the upload may not be made visible");
        }
        long size = staged.map(Facts::size).orElseGet(bytes::size);
        String etag = store(staged);
        checkStored(etag, size);
        tidy();
        return size;
    }

    private void checkUnchanged() throws StorageException {
        Optional<String> now = means.bucket().head(plan.key()).map(Facts::etag);
        if (!now.equals(plan.existing().map(Facts::etag))) {
            throw lost(null);
        }
    }

    private StorageException lost(@Nullable StorageException cause) {
        Reason reason = plan.isExclusive() ? Reason.ALREADY_EXISTS : Reason.CHANGED;
        return new StorageException(reason, plan.target().file() + " was stored by somebody else", cause);
    }

    private String store(Optional<Facts> staged) throws StorageException {
        try {
            if (bytes.isSingle()) {
                Body body = bytes.buffer().body();
                means.prepare(body.size());
                return waiting(() -> means.bucket().put(plan.key(), body, plan.mark(), plan.condition()));
            }
            Optional<Facts> made = staged;
            if (made.isEmpty() && bytes.staged().isPresent()) {
                made = Optional.of(makeStaged());
            }
            if (made.isPresent()) {
                Facts from = made.get();
                return waiting(() -> means.bucket().copy(from, plan.key(), plan.condition()));
            }
            return complete(plan.condition());
        } catch (StorageException e) {
            return storedAnyway(e);
        }
    }

    /**
     * Returns the ETag of the file if it was stored in spite of a failure: the answer to an attempt was lost, and the
     * next attempt, if there was one, found its object or no parts any more.
     */
    private String storedAnyway(StorageException failed) throws StorageException {
        boolean isTaken = failed.reason() == Reason.CHANGED || failed.reason() == Reason.NOT_FOUND;
        if (!isTaken && !Failure.isBadRequest(failed) && !Failure.isCutOff(failed)) {
            throw failed;
        }
        Optional<String> ours;
        try {
            ours = Etags.ours(means.bucket(), plan, bytes);
        } catch (StorageException e) {
            failed.addSuppressed(e);
            throw failed;
        }
        if (ours.isEmpty()) {
            throw isTaken ? lost(failed) : failed;
        }
        return ours.get();
    }

    /** Makes an object of the parts beside the file, and returns its facts. Nobody else makes one of that key. */
    Facts makeStaged() throws StorageException {
        String key = means.records().staged(plan.key(), bytes.staged().orElseThrow());
        StorageException failed = new StorageException(Reason.IO, "a staged object is gone: " + key);
        try {
            complete(Condition.none());
        } catch (StorageException e) {
            failed = e; // perhaps only the answer was lost
        }
        Optional<Facts> found = means.bucket().head(key);
        if (found.isEmpty()) {
            throw failed;
        }
        Facts made = found.get();
        if (made.size() != bytes.size()) {
            throw wrongSize(made, bytes.size());
        }
        return made;
    }

    private static StorageException wrongSize(Facts stored, long size) {
        return new StorageException(Reason.IO, stored.key() + " has " + stored.size() + " bytes instead of " + size);
    }

    private String complete(Condition condition) throws StorageException {
        PartSender sender = bytes.open();
        return waiting(
                () -> means.bucket().multiparts().complete(sender.key(), sender.id(), sender.arrived(), condition));
    }

    private <T> T waiting(Parallel.Call<T> call) throws StorageException {
        return means.asking().start(call).get(bytes.alive());
    }

    /** A service joins parts by itself, so it is asked how long the file has become. */
    private void checkStored(String etag, long size) throws StorageException {
        if (bytes.isSingle()) {
            return;
        }
        Optional<Facts> found;
        try {
            found = means.bucket().head(plan.key());
        } catch (StorageException e) {
            return; // the service has said that the file is stored
        }
        if (found.isPresent() && found.get().etag().equals(etag) && found.get().size() != size) {
            throw wrongSize(found.get(), size);
        }
    }

    /** Removes what the upload no longer needs. The file is stored whatever happens here. */
    private void tidy() {
        try {
            if (plan.recorded() || bytes.hasChangedRecord()) {
                means.records().delete(plan.key());
            }
            if (bytes.parked().isPresent()) {
                means.bucket().delete(bytes.parked().get());
            }
            if (bytes.staged().isPresent()) {
                means.bucket()
                        .delete(means.records()
                                .staged(plan.key(), bytes.staged().get()));
            }
        } catch (StorageException e) {
            LOG.warn("An object of a finished upload is left to the sweep: {}", e.getMessage());
        }
    }
}
