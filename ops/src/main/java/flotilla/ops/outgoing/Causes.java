package flotilla.ops.outgoing;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Says in words why a request failed. */
final class Causes {
    private Causes() {}

    /** The deepest cause that tells something. */
    static String of(Throwable failure) {
        String words = "";
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
                return "no answer in time";
            }
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "the name of the host is not known";
            }
            if (cause instanceof SSLException) {
                words = "TLS failed: " + deepest(cause);
            } else if (cause instanceof ConnectException && words.isEmpty()) {
                words = "the connection was refused";
            }
        }
        return words.isEmpty() ? deepest(failure) : words;
    }

    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (next(cause) != null) {
            cause = next(cause);
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    @SuppressWarnings("NullAway") // the end of the chain
    private static Throwable next(Throwable failure) {
        return failure.getCause();
    }
}
