package flotilla.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code flotilla demo-cluster} prints works as it is printed, with the curl and the HAProxy of this machine. */
@SuppressWarnings("NullAway.Init") // set before each
class DemoClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;
    private static final int SIGINT = 2;

    @TempDir
    private Path directory;

    private final String network = "127." + ThreadLocalRandom.current().nextInt(64, 128) + '.'
            + ThreadLocalRandom.current().nextInt(1, 255) + '.';
    private final int port = Ports.free(12);
    private Process demo;

    @BeforeEach
    void start() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "java.se",
                "--add-exports",
                "java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--add-opens",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens",
                "java.management/sun.management=ALL-UNNAMED",
                "--add-opens",
                "jdk.management/com.sun.management.internal=ALL-UNNAMED",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "flotilla.ops.Main",
                "demo-cluster",
                "--vip=" + network + "100",
                "--nodes=" + network + "1," + network + "2," + network + "3",
                "--port=" + port,
                "--implicit-port=" + (port + 1),
                "--passive-ports=" + (port + 2) + "-" + (port + 11));
        builder.directory(directory.toFile());
        builder.redirectOutput(output().toFile())
                .redirectError(directory.resolve("err").toFile());
        demo = builder.start();
    }

    @AfterEach
    void stop() {
        demo.descendants().forEach(ProcessHandle::destroyForcibly);
        demo.destroyForcibly();
    }

    private Path output() {
        return directory.resolve("out");
    }

    private String said() throws IOException {
        return Files.readString(output());
    }

    private void awaitSaid(String text) throws Exception {
        Await.until(text, PATIENCE, () -> {
            assertTrue(
                    demo.isAlive() || said().contains(text),
                    () -> "the demo ended before it said " + text + ": " + directory);
            return said().contains(text);
        });
    }

    /** Runs a printed line as a shell does; its output and the exit code. */
    private record Ran(int exit, String output) {}

    private Ran run(String line) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(shell.waitFor(60, TimeUnit.SECONDS), line);
        return new Ran(shell.exitValue(), output);
    }

    private List<String> printed(String regex) throws IOException {
        return Pattern.compile(regex, Pattern.MULTILINE)
                .matcher(said())
                .results()
                .map(MatchResult::group)
                .map(String::strip)
                .toList();
    }

    @Test
    void theDemonstrationGoesAsPrintedAndLeavesNothingRunning() throws Exception {
        awaitSaid("Ctrl-C ends everything");
        List<String> curls = printed("^  curl .*$");
        assertEquals(3, curls.size());
        String store = curls.get(0);
        String fetch = curls.get(1);
        assertEquals(0, run(store + " -sS -m 30").exit());
        assertTrue(run(fetch + " -sS -m 30").output().contains("Any node takes any connection."));
        assertTrue(run(curls.get(2) + " -sS -m 30").output().contains("hello.txt"));

        List<ProcessHandle> everything = new ArrayList<>(demo.descendants().toList());
        assertEquals(4, everything.size(), "three nodes and HAProxy");
        run(printed("^  kill -9 .*$").get(0));
        awaitSaid("node-2 was killed");
        Await.until("the file is there", PATIENCE, () -> run(fetch + " -sS -m 30")
                .output()
                .contains("Any node takes any connection."));

        demo.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
        awaitSaid("node-2 is back");
        everything.addAll(demo.descendants().toList());

        boolean deaf = ignoresInterrupts();
        run("kill -" + (deaf ? "TERM " : "INT ") + demo.pid());
        assertTrue(demo.waitFor(30, TimeUnit.SECONDS));
        assertEquals(deaf ? TERMINATED : INTERRUPTED, demo.exitValue());
        Await.until("all processes ended", () -> everything.stream().noneMatch(ProcessHandle::isAlive));
        assertFalse(isListening());
    }

    /** Whoever is started in the background of a script, as all tests then are, inherits from its shell that Ctrl-C is not for it. */
    private boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/" + demo.pid() + "/status");
        if (!Files.exists(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow()
                .replace("SigIgn:", "")
                .strip();
        return (Long.parseUnsignedLong(ignored, 16) & 1L << SIGINT - 1) != 0;
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(network + "100", port), 1_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
