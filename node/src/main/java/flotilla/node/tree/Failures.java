package flotilla.node.tree;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a failed stage failed with. */
public final class Failures {
    private Failures() {}

    /** The cause below the wrappers that stages put around it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The storage's reason; IO for any other failure. */
    public static Reason reason(Throwable failure) {
        return unwrapped(failure) instanceof StorageException storage ? storage.reason() : Reason.IO;
    }
}
