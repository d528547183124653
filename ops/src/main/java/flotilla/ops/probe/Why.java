package flotilla.ops.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;

/** Says why a connection failed, in plain words. */
final class Why {
    private Why() {}

    /** Returns a clause without a full stop, such as {@code the connection was refused}. */
    static String of(IOException failure, Duration timeout) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String small = message.toLowerCase(Locale.ROOT);
        if (failure instanceof SocketTimeoutException || small.contains("timed out")) {
            return "no answer within " + seconds(timeout);
        }
        if (failure instanceof ConnectException && small.contains("refused")) {
            return "the connection was refused";
        }
        if (failure instanceof EOFException || small.contains("closed") || small.contains("terminated the handshake")) {
            return "the server closed the connection";
        }
        if (failure instanceof SocketException && (small.contains("reset") || small.contains("broken pipe"))) {
            return "the server reset the connection";
        }
        if (small.contains("unsupported or unrecognized ssl message")) {
            return "the server does not speak TLS there";
        }
        return message;
    }

    /** Returns a time as people say it, such as {@code 10 s}. */
    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
