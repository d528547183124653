package flotilla.ops.local;

import flotilla.cluster.accounts.DatabaseException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Why a command is not obeyed, in a sentence for the operator. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int CONFLICT = 409;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;

    private final int status;

    private RefusedException(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    public static RefusedException badRequest(String sentence) {
        return new RefusedException(BAD_REQUEST, sentence);
    }

    static RefusedException tooLarge(String sentence) {
        return new RefusedException(TOO_LARGE, sentence);
    }

    static RefusedException failed(String sentence) {
        return new RefusedException(FAILED, sentence);
    }

    static RefusedException unavailable(String sentence) {
        return new RefusedException(UNAVAILABLE, sentence);
    }

    /** The server is not in the state for it. */
    public static RefusedException conflict(String sentence) {
        return new RefusedException(CONFLICT, sentence);
    }

    /** What the operator is told of a failure; of what was not expected only that it happened. */
    static RefusedException of(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RefusedException refused) {
            return refused;
        }
        if (cause instanceof DatabaseException) {
            return unavailable(String.valueOf(cause.getMessage()));
        }
        return cause instanceof TimeoutException
                ? unavailable("the cluster did not answer within " + AccountOperations.DEADLINE_SECONDS + " s")
                : failed("the command failed; the log of the server says why");
    }

    int status() {
        return status;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
