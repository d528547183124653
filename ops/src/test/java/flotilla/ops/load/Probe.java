package flotilla.ops.load;

import flotilla.ops.client.AdminClient;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Observes a server's process from outside: /proc, jcmd, {@code flotilla status}. */
final class Probe {
    private static final long JCMD_SECONDS = 30;

    /** Names of threads that wait for more work before they end. The configuration limits their number. */
    private static final List<String> LINGERING =
            List.of("flotilla-data-", "flotilla-blocki", "flotilla-connec", "C1 CompilerThre");

    /** Classes of which the server has one object for each connection, session or transfer. */
    private static final List<String> PER_CLIENT = List.of(
            "flotilla.node.control.ControlSocket",
            "flotilla.node.control.ControlConnection",
            "flotilla.node.session.Session",
            "flotilla.node.data.DataConnection",
            "flotilla.node.data.TransferRun");

    private static final Pattern HISTOGRAM_ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");
    private static final Pattern NATIVE_OTHER = Pattern.compile("\\bOther \\(reserved=\\d+, committed=(\\d+)\\)");
    private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private final ServerProcess server;
    private final AdminClient door;

    Probe(ServerProcess server) {
        this.server = server;
        this.door = AdminClient.forCommands(server.dataDirectory()).orElseThrow();
    }

    /** Returns all values. It collects the server's garbage first. */
    Footprint footprint() throws Exception {
        return footprint(jcmd("GC.class_histogram"));
    }

    /** Returns the values that need no collection of garbage. */
    Footprint outside() throws IOException {
        return footprint(List.of());
    }

    private Footprint footprint(List<String> histogram) throws IOException {
        Map<String, Integer> objects = new HashMap<>();
        long heap = 0;
        for (String line : histogram) {
            Matcher row = HISTOGRAM_ROW.matcher(line);
            Matcher total = HISTOGRAM_TOTAL.matcher(line);
            if (row.matches() && PER_CLIENT.contains(row.group(2))) {
                objects.put(row.group(2), Integer.parseInt(row.group(1)));
            } else if (total.matches()) {
                heap = Long.parseLong(total.group(1));
            }
        }
        return new Footprint(status(), threads(), descriptors(), objects, heap);
    }

    /** Returns {@code flotilla status}, over one connection for all calls. */
    Map<String, Integer> status() {
        return ServerProcess.status(door);
    }

    /** Returns the bytes that are reachable in the heap, or that libraries allocated outside of it: buffers, TLS. */
    long allBytes() throws Exception {
        long heap = footprint().heapBytes();
        for (String line : jcmd("VM.native_memory", "summary", "scale=B")) {
            Matcher other = NATIVE_OTHER.matcher(line);
            if (other.find()) {
                return heap + Long.parseLong(other.group(1));
            }
        }
        throw new AssertionError("the server was not started with -XX:NativeMemoryTracking=summary");
    }

    private int threads() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process().resolve("task"))) {
            for (Path task : tasks) {
                count += isLingering(task) ? 0 : 1;
            }
        }
        return count;
    }

    private static boolean isLingering(Path task) throws IOException {
        try {
            String name = Files.readString(task.resolve("comm"));
            return LINGERING.stream().anyMatch(name::startsWith);
        } catch (NoSuchFileException ended) {
            return true;
        }
    }

    private int descriptors() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process().resolve("fd"))) {
            for (Path ignored : open) {
                count++;
            }
        }
        return count;
    }

    private Path process() {
        return Path.of("/proc", String.valueOf(server.pid()));
    }

    /** Returns the answer of {@code jcmd}, which collects garbage before it makes a histogram. */
    private List<String> jcmd(String... command) throws Exception {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        words.add(String.valueOf(server.pid()));
        words.addAll(List.of(command));
        Path output = Files.createTempFile("flotilla-jcmd", ".txt");
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(JCMD_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("jcmd did not answer within " + JCMD_SECONDS + " s");
            }
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
        }
    }
}
