package flotilla.node.session;

import flotilla.node.event.RareLines;
import flotilla.node.tree.Failures;
import flotilla.storage.StorageException;
import java.nio.file.FileSystemException;
import org.slf4j.Logger;

/**
 * Logs failed work when its cause cannot be told to the client. It logs one line a minute for each cause, because a
 * failing storage makes every command fail. A failure that does not come from the storage may be a bug and is logged
 * with its stack trace.
 */
public final class RareFailures {
    private final RareLines lines = new RareLines();

    /**
     * Logs a failure, unless its cause was logged within the last minute.
     *
     * @param what the name of the failed work, as the beginning of a sentence
     */
    public void tell(Logger log, String what, String sessionId, Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        lines.next(subject(cause), System.nanoTime()).ifPresent(leftOut -> {
            String more = leftOut == 0 ? "" : " (" + leftOut + " more like it since the last line)";
            if (cause instanceof StorageException) {
                log.warn("{} failed in session {}: {}{}", what, sessionId, told(cause), more);
            } else {
                log.warn("{} failed in session {}{}", what, sessionId, more, cause);
            }
        });
    }

    /** The kind of the failure, without the name of the file. */
    private static Object subject(Throwable failure) {
        Throwable first = first(failure);
        return first instanceof FileSystemException system
                ? first.getClass() + String.valueOf(system.getReason())
                : first.getClass();
    }

    private static String told(Throwable failure) {
        Throwable first = first(failure);
        return first == failure
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + ": " + first.getMessage();
    }

    private static Throwable first(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof StorageException && cause != null ? cause : failure;
    }
}
