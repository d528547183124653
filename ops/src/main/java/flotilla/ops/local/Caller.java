package flotilla.ops.local;

import com.sun.net.httpserver.Headers;
import java.util.Objects;
import java.util.Optional;

/**
 * Which user of this machine runs a command, for the audit log. The command line says it, and is believed: it could read the token of the
 * server, so it runs as the server's user or as root.
 */
final class Caller {
    static final String HEADER = "Flotilla-Caller";

    private static final int LONGEST = 64;

    private Caller() {}

    /** The user of this process; the one behind sudo when that was used. */
    static String here() {
        return Optional.ofNullable(System.getenv("SUDO_USER"))
                .filter(name -> !name.isEmpty())
                .orElse(System.getProperty("user.name", "unknown"))
                .replaceAll("[^\\x21-\\x7e]", "?");
    }

    static String of(Headers headers) {
        String name = Objects.requireNonNullElse(headers.getFirst(HEADER), "unknown");
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }
}
