package flotilla.node.session;

import flotilla.node.event.NotRecordedException;
import flotilla.node.protocol.Reply;
import flotilla.node.tree.Failures;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;

/** The replies to clients for failures of the storage. They hold no real path and no class name. */
final class StorageReplies {
    private static final Reply FAILED = Reply.of(451, "Local error, please try again.");

    /** The reply to an upload that is stored while nobody could be promised to hear of it. */
    static final Reply UPLOAD_NOT_RECORDED =
            Reply.of(451, "The file is stored, but its event was not recorded: please upload it again.");

    private static final Reply NOT_RECORDED = Reply.of(451, "Done, but its event was not recorded.");

    private StorageReplies() {}

    /** The reply for a failed stage; 451 for a failure that does not come from the storage. */
    static Reply of(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        if (cause instanceof NotRecordedException) {
            return NOT_RECORDED;
        }
        return cause instanceof StorageException storage ? of(storage) : FAILED;
    }

    private static Reply of(StorageException failure) {
        return failure.reason() == Reason.INFECTED
                ? infected(String.valueOf(failure.getMessage()))
                : of(failure.reason());
    }

    /** @param signature in printable ASCII */
    static Reply infected(String signature) {
        return Reply.of(550, "Infected: " + signature + ". The file is not stored.");
    }

    static boolean isExpected(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        return cause instanceof NotRecordedException
                || cause instanceof StorageException storage && storage.reason() != Reason.IO;
    }

    static Reply of(Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> Reply.of(550, "No such file or directory.");
            case NOT_A_DIRECTORY -> Reply.of(550, "Not a directory.");
            case IS_A_DIRECTORY -> Reply.of(550, "Is a directory.");
            case NOT_A_FILE -> Reply.of(550, "Not a file.");
            case NOT_EMPTY -> Reply.of(550, "Directory not empty.");
            case ALREADY_EXISTS -> Reply.of(550, "File exists.");
            case ACCESS_DENIED -> Reply.of(550, "Permission denied.");
            case READ_ONLY -> Reply.of(451, "The storage is read-only now, please try again later.");
            case INVALID_NAME -> Reply.of(553, "File name not allowed.");
            case NO_SPACE -> Reply.of(452, "No space left.");
            case DISK_QUOTA -> Reply.of(452, "No space left: a quota of the storage is used up.");
            case QUOTA_EXCEEDED -> Reply.of(552, "Quota exceeded.");
            case TOO_LARGE -> Reply.of(552, "File too large.");
            case OFFSET_OUT_OF_RANGE -> Reply.of(554, "The file ends before that offset.");
            case PART_TOO_SHORT ->
                Reply.of(554, "An upload of this file was broken off before that offset: send the whole file.");
            case UNFINISHED ->
                Reply.of(
                        550,
                        "An upload of this file was broken off: send STOR for the whole file, or REST and STOR to go on.");
            case BUSY -> Reply.of(450, "File busy: another session is writing it.");
            case LISTING_TOO_LARGE -> Reply.of(450, "Too much to sort now: list without sorting, or try again later.");
            case CHANGED -> Reply.of(550, "The file changed meanwhile.");
            case CROSS_DEVICE -> Reply.of(553, "Cannot rename across stores or file systems: copy, then delete.");
            case MOUNT_POINT -> Reply.of(550, "A mount cannot be changed.");
            case INTO_ITSELF -> Reply.of(550, "Cannot be moved or copied into itself.");
            case UNSUPPORTED -> Reply.of(504, "Not supported here.");
            case INFECTED -> Reply.of(550, "Infected. The file is not stored.");
            case NOT_SCANNED ->
                Reply.of(451, "The file could not be scanned, so it is not stored: please try again later.");
            case TOO_LARGE_TO_SCAN -> Reply.of(552, "The file is too large to be scanned, so it is not stored.");
            case HELD_BACK -> Reply.of(550, "The file could not be scanned, and is held back for the administrator.");
            case IO -> FAILED;
        };
    }
}
