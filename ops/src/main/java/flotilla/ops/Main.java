package flotilla.ops;

import flotilla.ops.cli.FlotillaCommand;
import java.security.Security;

/** The {@code flotilla} command. */
public final class Main {
    private Main() {}

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Nodes that come and go keep their names and change their addresses, so the JVM must not cache a look-up for
        // long.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        System.exit(FlotillaCommand.run(arguments));
    }
}
