package flotilla.ops;

import flotilla.ops.cli.FlotillaCommand;

/** The {@code flotilla} command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(FlotillaCommand.run(arguments));
    }
}
