package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. A program that is not installed fails the test. */
final class Program {
    private static final long SECONDS = 120;

    private final ProcessBuilder builder;
    private String input = "";

    private Program(List<String> command, Path directory) {
        builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(java.util.Map.of("HOME", directory.toString(), "LC_ALL", "C.UTF-8"));
    }

    /**
     * The result of a program.
     *
     * @param output standard output and error
     */
    record Result(int exit, String output) {
        Result ok() {
            return exits(0);
        }

        Result exits(int code) {
            assertEquals(code, exit, output);
            return this;
        }

        Result containing(String part) {
            assertTrue(output.contains(part), () -> "no \"" + part + "\" in " + output);
            return this;
        }
    }

    /** A program with its arguments, to run in {@code directory}, which is its HOME, too. */
    static Program of(Path directory, String... command) {
        return new Program(new ArrayList<>(List.of(command)), directory);
    }

    /** A script of the test resources, run by {@code interpreter}. */
    static Program script(Path directory, String interpreter, String script, String... arguments) {
        try {
            Path file = Path.of(Program.class.getResource("/clients/" + script).toURI());
            List<String> command = new ArrayList<>(List.of(interpreter, file.toString()));
            command.addAll(List.of(arguments));
            return new Program(command, directory);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Program with(String... arguments) {
        builder.command().addAll(List.of(arguments));
        return this;
    }

    Program environment(String name, String value) {
        builder.environment().put(name, value);
        return this;
    }

    Program input(String text) {
        input = text;
        return this;
    }

    Result run() throws Exception {
        Process process = builder.start();
        try {
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process));
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedEarly) {
                assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), endedEarly::toString);
            }
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = output.get(10, TimeUnit.SECONDS);
            assertTrue(ended, () -> "not over after " + SECONDS + " s: " + builder.command() + "\n" + text);
            return new Result(process.exitValue(), text);
        } finally {
            if (process.isAlive()) {
                process.destroyForcibly();
            }
        }
    }

    private static String readAll(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a file of {@code count} bytes, the same bytes every time. */
    static Path file(Path file, int count) throws IOException {
        byte[] bytes = new byte[count];
        new java.util.Random(count).nextBytes(bytes);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }
}
