package flotilla.node.session;

import flotilla.node.event.NotRecordedException;
import flotilla.node.protocol.Reply;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import flotilla.storage.StorageException.Reason;

/** The final replies of transfers. */
final class TransferReplies {
    static final Reply NO_CONNECTION = Reply.of(425, "No data connection came.");
    static final Reply STRANGERS = Reply.of(425, "Others keep connecting to your data port, please try again.");
    static final Reply NOT_OPENED = Reply.of(425, "Cannot open the data connection.");
    static final Reply ABORTED = Reply.of(426, "Transfer aborted.");
    static final Reply LOST = Reply.of(426, "Data connection lost.");
    static final Reply BUSY = Reply.of(450, "File busy: another session is writing it.");
    static final Reply NOT_LOCKED = Reply.of(451, "The file cannot be locked right now, please try again.");

    private static final Reply DOWNLOAD_CHANGED = Reply.of(451, "The file was replaced meanwhile, please try again.");
    private static final Reply UPLOAD_CHANGED =
            Reply.of(451, "The file was replaced or removed meanwhile: the upload is not stored, please try again.");

    private TransferReplies() {}

    static Reply of(TransferResult result, Transfer transfer) {
        if (result.reason().equals(NotRecordedException.REASON)) {
            return StorageReplies.UPLOAD_NOT_RECORDED;
        }
        return result.storageReason()
                .filter(reason -> reason != Reason.IO)
                .map(reason -> ofReason(reason, result, transfer))
                .orElseGet(() -> ofEnding(result, transfer));
    }

    /**
     * The reply for a failure of the storage. A download of a file that was replaced meanwhile can be tried again: the
     * bytes that were sent are no version of the file.
     */
    private static Reply ofReason(Reason reason, TransferResult result, Transfer transfer) {
        if (reason == Reason.INFECTED && !result.detail().isEmpty()) {
            return StorageReplies.infected(result.detail());
        }
        if (reason == Reason.CHANGED) {
            return transfer.isUpload() ? UPLOAD_CHANGED : DOWNLOAD_CHANGED;
        }
        return StorageReplies.of(reason);
    }

    private static Reply ofEnding(TransferResult result, Transfer transfer) {
        return switch (result.ending()) {
            case COMPLETE -> Reply.of(226, complete(transfer));
            case ABORTED -> ABORTED;
            case LOST -> LOST;
            case TRUNCATED -> Reply.of(426, "Upload ended without a TLS close: the file is not stored.");
            case STALLED -> Reply.of(426, "Data connection stalled.");
            case TLS_FAILED -> Reply.of(522, "TLS negotiation failed on the data connection.");
            case NOT_RESUMED -> Reply.of(522, "TLS session of data connection not resumed; session reuse required.");
            case WRONG_CERTIFICATE -> Reply.of(522, "Not the client certificate of the control connection.");
            case NO_SPACE -> StorageReplies.of(Reason.NO_SPACE);
            case QUOTA_EXCEEDED -> StorageReplies.of(Reason.QUOTA_EXCEEDED);
            case TOO_LARGE -> StorageReplies.of(Reason.TOO_LARGE);
            case NOT_FOUND -> StorageReplies.of(Reason.NOT_FOUND);
            case ACCESS_DENIED -> StorageReplies.of(Reason.ACCESS_DENIED);
            case BUSY -> StorageReplies.of(Reason.BUSY);
            case OFFSET_OUT_OF_RANGE -> StorageReplies.of(Reason.OFFSET_OUT_OF_RANGE);
            case FAILED -> Reply.of(451, "Local error while transferring.");
            case CUT -> Reply.of(426, "Upload ended within its compressed stream: the file is not stored.");
            case DAMAGED -> Reply.of(451, "The compressed stream is damaged: the file is not stored.");
            case BOMB -> Reply.of(552, "The compressed stream expands too far: the file is not stored.");
            case TREE_TOO_LARGE ->
                Reply.of(552, "The listing is not whole: there is more than a recursive listing shows.");
            case INFECTED -> StorageReplies.of(Reason.INFECTED);
            case NOT_SCANNED -> StorageReplies.of(Reason.NOT_SCANNED);
            case NO_CAPACITY -> Reply.of(425, "Too many transfers, please try again.");
        };
    }

    private static String complete(Transfer transfer) {
        boolean unique =
                transfer instanceof Transfer.Receive receive && receive.placement() == Transfer.Placement.CREATE_NEW;
        return unique
                ? "Transfer complete, stored as "
                        + transfer.path().substring(transfer.path().lastIndexOf('/') + 1)
                : "Transfer complete.";
    }
}
