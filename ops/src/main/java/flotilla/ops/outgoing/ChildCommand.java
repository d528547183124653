package flotilla.ops.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A program of the operator. No shell reads its arguments. It runs in a session and process group of its own, so a
 * signal to the server does not reach it. It gets the server's environment without the variables {@code FLOTILLA_*},
 * which may hold secrets.
 *
 * <p>A program that takes too long is killed with its whole group. A process that a program leaves behind at its own end
 * goes on, without an output.
 */
public final class ChildCommand {
    /** Most bytes of the output that are kept. */
    public static final int MOST_OUTPUT = 2048;

    private static final Optional<Path> SETSID = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    private final List<String> arguments;
    private final Duration timeout;

    /**
     * How a program ended.
     *
     * @param exit its exit code; 128 and the number of the signal that killed it
     * @param output first {@link #MOST_OUTPUT} bytes of its standard output and error, mixed, as text in UTF-8
     */
    public record Ended(int exit, String output) {}

    /**
     * Prepares a program.
     *
     * @param arguments the program and its arguments
     * @param timeout longest time for a run
     */
    public ChildCommand(List<String> arguments, Duration timeout) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        this.arguments = List.copyOf(arguments);
        this.timeout = timeout;
    }

    /** Returns the name of the program, for messages. Its arguments may hold a secret. */
    public String place() {
        Path name = Path.of(arguments.get(0)).getFileName();
        return name == null ? arguments.get(0) : name.toString();
    }

    /**
     * Runs the program. Blocks until it has ended. A program that does not read its input may end well.
     *
     * @param input bytes for its standard input, which then ends
     * @throws IOException when it cannot be started, or takes too long
     * @throws InterruptedException when the thread is interrupted; the program is then killed
     */
    public Ended run(byte[] input) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(inOwnGroup());
        builder.redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("FLOTILLA_"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException(place() + " cannot be started: " + e.getMessage(), e);
        }
        boolean ended = false;
        try {
            onThread(() -> feed(process, input));
            CompletableFuture<String> output = onThread(() -> begin(process.getInputStream()));
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(place() + " did not end within " + timeout.toMillis() + " ms");
            }
            ended = true;
            return new Ended(process.exitValue(), textOf(output));
        } finally {
            if (!ended) {
                kill(process);
            }
        }
    }

    /** The program setsid of util-linux keeps the process id: it is then the id of the group, too. */
    private List<String> inOwnGroup() throws IOException {
        if (SETSID.isEmpty()) {
            return arguments;
        }
        if (arguments.get(0).contains("/") && !Files.isExecutable(Path.of(arguments.get(0)))) {
            throw new IOException(place() + " cannot be started: no program is there that this server may run");
        }
        return Stream.concat(Stream.of(SETSID.get().toString()), arguments.stream())
                .toList();
    }

    private static void kill(Process process) throws IOException, InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        if (SETSID.isPresent()) {
            // The program still runs, so the id names no other group.
            new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- \"-$1\"", "sh", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
        }
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private static String textOf(CompletableFuture<String> output) throws InterruptedException {
        try {
            return output.get(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "";
        }
    }

    private static <T> CompletableFuture<T> onThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            Thread thread = new Thread(task, "flotilla-command");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static boolean feed(Process process, byte[] input) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(input);
            return true;
        } catch (IOException closed) {
            return false; // the program ends without reading all of it
        }
    }

    /** Returns the begin of an output, and reads all of it: the program would block otherwise. */
    private static String begin(InputStream output) {
        try (output) {
            String text = new String(output.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8).strip();
            output.transferTo(OutputStream.nullOutputStream());
            return text;
        } catch (IOException ended) {
            return "";
        }
    }
}
