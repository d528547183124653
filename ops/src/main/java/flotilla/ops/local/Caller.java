package flotilla.ops.local;

import java.util.Optional;

/**
 * Which user of this machine runs a command, for the audit log. The command line says it, and is believed: it could
 * read the token of the server, so it runs as the server's user or as root.
 */
public final class Caller {
    /** The header in which a command says it. */
    public static final String HEADER = "Flotilla-Caller";

    /** What the audit log says of where such a command comes from. */
    public static final String PLACE = "local";

    private static final int LONGEST = 64;

    private Caller() {}

    /** The user of this process; the one behind sudo when that was used. */
    public static String here() {
        String name = Optional.ofNullable(System.getenv("SUDO_USER"))
                .filter(user -> !user.isEmpty())
                .orElse(System.getProperty("user.name", "unknown"))
                .replaceAll("[^\\x21-\\x7e]", "?");
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }
}
