package flotilla.storage.s3;

import flotilla.storage.StorageException;
import java.util.Optional;

/**
 * Hides the end of an upload that is whole and not yet stored. If its node dies during the review, a client must not find
 * the size of its whole file: it would take the file for stored (lftp).
 */
final class ReviewMark {
    private ReviewMark() {}

    /** Hides it before the last bytes are sent. An upload that nobody can resume shows nothing anyway. */
    static void set(UploadMeans means, UploadPlan plan, UploadBytes bytes) throws StorageException {
        bytes.fetch();
        if (plan.isUnresumable()) {
            return;
        }
        if (bytes.isSingle()) {
            shorten(means, plan, bytes);
            return;
        }
        PartSender sender = bytes.open();
        boolean isLastToCome = bytes.buffer().size() > 0;
        long shown = Math.max(0, isLastToCome ? sender.sent() : sender.sent() - 1);
        Optional<PartRecord.Multipart> upload = Optional.of(new PartRecord.Multipart(sender.id(), bytes.staged()));
        means.records().put(plan.key(), new PartRecord(plan.over(), upload, shown, 0, true), Body.EMPTY);
    }

    /** The record has all bytes when they were put aside there. */
    private static void shorten(UploadMeans means, UploadPlan plan, UploadBytes bytes) throws StorageException {
        long size = bytes.buffer().size();
        if (size == 0 || !bytes.hasChangedRecord() && plan.kept().isEmpty()) {
            return;
        }
        boolean isWhole = means.records()
                .find(plan.key())
                .filter(found -> found.record().tail() >= size)
                .isPresent();
        if (isWhole) {
            bytes.record(0, size - 1);
        }
    }
}
