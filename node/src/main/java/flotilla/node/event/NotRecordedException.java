package flotilla.node.event;

import org.jspecify.annotations.Nullable;

/**
 * A change was done, but it could not be recorded for those who are told of each one. The client gets 451. The message is
 * for logs.
 */
public final class NotRecordedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Name that stands for it in a result of a transfer, beside the names of a storage's reasons. */
    public static final String REASON = "NOT_RECORDED";

    /** Creates the failure. */
    public NotRecordedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
