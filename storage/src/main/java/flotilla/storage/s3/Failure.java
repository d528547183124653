package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What a failed request means. The message holds the code and the id of the request. It leaves out the text of the
 * service, which may repeat what was sent.
 *
 * @param kind kind for {@link flotilla.storage.StoreMeter}
 * @param effect what the failure tells about the service
 * @param code the service's code; empty without one
 */
record Failure(StorageException exception, String kind, Effect effect, String code) {
    /** What a failure tells about the service. */
    enum Effect {
        /** It works. */
        ANSWER,
        /** It has not answered, or only that it cannot serve now. */
        AWAY,
        /** Nothing. */
        NONE
    }

    /** Returns the failure of a request that {@code what} describes. */
    static Failure of(SdkException thrown, String what) {
        return thrown instanceof AwsServiceException answer ? answered(answer, what) : unanswered(thrown, what);
    }

    private static Failure answered(AwsServiceException answer, String what) {
        String code =
                answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
                        ? ""
                        : answer.awsErrorDetails().errorCode();
        int status = answer.statusCode();
        Reason reason = reason(code, status);
        String hint = hint(code, status);
        String text = what + ": " + status + (code.isEmpty() ? "" : " " + code) + (hint.isEmpty() ? "" : ", " + hint)
                + (answer.requestId() == null ? "" : ", request " + answer.requestId());
        Effect effect = status >= 502 && status <= 504 ? Effect.AWAY : Effect.ANSWER;
        return new Failure(new StorageException(reason, text, answer), kind(code, status), effect, code);
    }

    /** Returns whether a failure says that there is no object of the key. */
    static boolean isMissingKey(StorageException failure) {
        return failure.reason() == Reason.NOT_FOUND
                && failure.getCause() instanceof AwsServiceException answer
                && answer.awsErrorDetails() != null
                && "NoSuchKey".equals(answer.awsErrorDetails().errorCode());
    }

    /** Returns whether a failure is an answer 400: the service does not take the request as it is. */
    static boolean isBadRequest(StorageException failure) {
        return failure.getCause() instanceof AwsServiceException answer && answer.statusCode() == 400;
    }

    /** Returns whether the connection broke before the whole answer: nobody knows what the request has done. */
    static boolean isCutOff(StorageException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof SdkException
                && !(cause instanceof AwsServiceException)
                && !(cause instanceof AbortedException)
                && !(cause instanceof ApiCallTimeoutException)
                && !(cause instanceof ApiCallAttemptTimeoutException);
    }

    /** Returns whether a failure is an answer 500. */
    static boolean isServerError(StorageException failure) {
        return failure.getCause() instanceof AwsServiceException answer && answer.statusCode() == 500;
    }

    private static Reason reason(String code, int status) {
        return switch (code) {
            case "NoSuchBucket" -> Reason.IO;
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken" -> Reason.IO;
            case "RequestTimeTooSkewed" -> Reason.IO;
            case "EntityTooLarge" -> Reason.TOO_LARGE;
            case "KeyTooLongError" -> Reason.INVALID_NAME;
            case "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage" -> Reason.NO_SPACE;
            case "ConditionalRequestConflict" -> Reason.CHANGED;
            default ->
                switch (status) {
                    case 403, 401 -> Reason.ACCESS_DENIED;
                    case 404 -> Reason.NOT_FOUND;
                    case 412 -> Reason.CHANGED;
                    case 416 -> Reason.OFFSET_OUT_OF_RANGE;
                    case 405, 501 -> Reason.UNSUPPORTED;
                    case 507 -> Reason.NO_SPACE;
                    default -> Reason.IO;
                };
        };
    }

    private static String hint(String code, int status) {
        return switch (code) {
            case "NoSuchBucket" -> "there is no such bucket";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken" ->
                "the service refuses the credentials";
            case "RequestTimeTooSkewed" -> "the clocks of this node and of the service differ";
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException" ->
                "the bucket is in another region or has another endpoint";
            case "AccessDenied", "AllAccessDisabled" -> "the credentials lack the right to do this";
            default -> status == 301 || status == 307 ? "the bucket is in another region or has another endpoint" : "";
        };
    }

    private static String kind(String code, int status) {
        if (code.equals("SlowDown") || status == 429 || status == 503) {
            return "throttled";
        }
        return switch (code) {
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken" -> "credentials";
            default ->
                switch (status) {
                    case 401, 403 -> "denied";
                    case 404 -> "not-found";
                    case 409, 412 -> "conflict";
                    case 405, 501 -> "unsupported";
                    default -> status >= 500 ? "server" : "refused";
                };
        };
    }

    private static Failure unanswered(SdkException thrown, String what) {
        if (thrown instanceof ApiCallTimeoutException || thrown instanceof ApiCallAttemptTimeoutException) {
            return away(thrown, what + ": no answer in time", "timeout");
        }
        if (thrown instanceof AbortedException) {
            StorageException aborted = new StorageException(Reason.IO, what + ": the thread was interrupted", thrown);
            return new Failure(aborted, "aborted", Effect.NONE, "");
        }
        Throwable root = find(thrown, SSLException.class);
        if (root != null) {
            return away(thrown, what + ": TLS failed: " + innermost(root), "tls");
        }
        root = find(thrown, InterruptedIOException.class);
        if (root != null) {
            return away(thrown, what + ": no answer in time: " + innermost(root), "timeout");
        }
        root = find(thrown, IOException.class);
        if (root != null) {
            return away(thrown, what + ": the service cannot be reached: " + innermost(root), "connection");
        }
        if (find(thrown, CredentialsException.class) != null
                || String.valueOf(thrown.getMessage()).contains("credentials")) {
            String why = what + ": there are no credentials: " + innermost(thrown);
            return new Failure(new StorageException(Reason.IO, why, thrown), "credentials", Effect.NONE, "");
        }
        return away(thrown, what + ": " + innermost(thrown), "connection");
    }

    private static Failure away(SdkException thrown, String message, String kind) {
        return new Failure(new StorageException(Reason.IO, message, thrown), kind, Effect.AWAY, "");
    }

    /** Returns the failure of reading the bytes of an answer. */
    static StorageException broken(String what, IOException broken) {
        return new StorageException(Reason.IO, what + ": the connection broke: " + innermost(broken), broken);
    }

    private static @Nullable Throwable find(Throwable thrown, Class<?> type) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return cause;
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause.getCause() != null && depth < 20; depth++) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
