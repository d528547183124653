package flotilla.ops.local;

import java.util.Optional;

/**
 * The user of this machine that runs a command, for the audit log. The server believes the command line's report: a
 * command that can read the server's token runs as the server's user or as root.
 */
public final class Caller {
    /** The header in which a command reports its user. */
    public static final String HEADER = "Flotilla-Caller";

    /** The origin of such a command in the audit log. */
    public static final String PLACE = "local";

    private static final int LONGEST = 64;

    private Caller() {}

    /**
     * Returns the user of this process; with sudo, the user that called it. It is at most 64 visible ASCII characters.
     */
    public static String here() {
        String name = Optional.ofNullable(System.getenv("SUDO_USER"))
                .filter(user -> !user.isEmpty())
                .orElse(System.getProperty("user.name", "unknown"))
                .replaceAll("[^\\x21-\\x7e]", "?");
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }
}
