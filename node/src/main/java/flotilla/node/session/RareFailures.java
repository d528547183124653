package flotilla.node.session;

import flotilla.node.event.RareLines;
import flotilla.node.tree.Failures;
import flotilla.storage.StorageException;
import java.nio.file.FileSystemException;
import org.slf4j.Logger;

/**
 * Tells the log of work that failed without a reason that a client could be told: one line a minute for each cause, since a storage that
 * fails makes every command fail. What is not the storage's failure may be ours, and comes with its trace.
 */
public final class RareFailures {
    private final RareLines lines = new RareLines();

    /** @param what failed, as the beginning of a sentence */
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

    /** What happened, without the file to which it did. */
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
