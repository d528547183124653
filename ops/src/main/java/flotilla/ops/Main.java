package flotilla.ops;

import flotilla.ops.cli.FlotillaCommand;
import java.security.Security;

/** The {@code flotilla} command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Nodes that come and go have names whose addresses change: a look-up must not be answered from memory for
        // long.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        System.exit(FlotillaCommand.run(arguments));
    }
}
