package flotilla.ops.e2e;

import flotilla.ops.cli.FlotillaCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands of {@code flotilla} within this process. Two threads must not do so at once. */
public final class Command {
    /** The exit code and the output of a command. */
    public record Result(int exit, String out, String err) {}

    private Command() {}

    /** Runs a command on the server's own machine. */
    public static Result run(ServerProcess server, String... arguments) {
        return run(server.dataDirectory(), arguments);
    }

    /** Runs a command for the data directory of a server, which need not run. */
    public static Result run(Path dataDirectory, String... arguments) {
        return withInput("", dataDirectory, arguments);
    }

    /** Runs a command for the data directory of a server, with standard input. */
    public static Result withInput(String input, Path dataDirectory, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--set", "flotilla.data-dir=" + dataDirectory));
        return withInput(input, all.toArray(String[]::new));
    }

    /** Runs a command without any server. */
    public static Result run(String... arguments) {
        return withInput("", arguments);
    }

    /** Runs a command without any server, with standard input. */
    public static Result withInput(String input, String... arguments) {
        InputStream inBefore = System.in;
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int exit = FlotillaCommand.run(arguments);
            return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(inBefore);
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }
}
