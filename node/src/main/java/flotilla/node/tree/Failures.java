package flotilla.node.tree;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds the cause of a failed stage. */
public final class Failures {
    private Failures() {}

    /** The cause without the exceptions that stages wrap around it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The storage's reason; {@code IO} for any other failure. */
    public static Reason reason(Throwable failure) {
        return unwrapped(failure) instanceof StorageException storage ? storage.reason() : Reason.IO;
    }
}
