package flotilla.ops;

import flotilla.ops.cli.FlotillaCommand;
import java.security.Security;
import java.util.List;

/** The {@code flotilla} command. */
public final class Main {
    /** System property: the arguments are several command lines with a comma between two, for an archive of classes. */
    private static final String TRAIN = "flotilla.train-commands";

    private Main() {}

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Nodes that come and go keep their names and change their addresses, so the JVM must not cache a look-up for
        // long.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        // A request that changes something is never sent a second time.
        System.setProperty("sun.net.http.retryPost", "false");
        if (Boolean.getBoolean(TRAIN)) {
            train(List.of(arguments));
        } else {
            System.exit(FlotillaCommand.run(arguments));
        }
    }

    private static void train(List<String> arguments) {
        int begin = 0;
        for (int i = 0; i <= arguments.size(); i++) {
            if (i == arguments.size() || arguments.get(i).equals(",")) {
                FlotillaCommand.run(arguments.subList(begin, i).toArray(String[]::new));
                begin = i + 1;
            }
        }
    }
}
