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

/** Runs commands as an operator does, within this process: not from two threads at once. */
public final class Command {
    /** What a command ended with and printed. */
    public record Result(int exit, String out, String err) {}

    private Command() {}

    /** On the server's own machine. */
    public static Result run(ServerProcess server, String... arguments) {
        return run(server.dataDirectory(), arguments);
    }

    /** Where a server has, or would have, this data directory. */
    public static Result run(Path dataDirectory, String... arguments) {
        return withInput("", dataDirectory, arguments);
    }

    /** Where a server has this data directory, with something to read. */
    public static Result withInput(String input, Path dataDirectory, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--set", "flotilla.data-dir=" + dataDirectory));
        return withInput(input, all.toArray(String[]::new));
    }

    /** Without any server. */
    public static Result run(String... arguments) {
        return withInput("", arguments);
    }

    /** Without any server, with something to read. */
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
