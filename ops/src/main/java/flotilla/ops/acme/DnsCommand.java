package flotilla.ops.acme;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's program that changes the DNS. It is ended when it takes too long. */
final class DnsCommand {
    static final Logger LOG = LoggerFactory.getLogger(DnsCommand.class);

    private static final int MOST_OUTPUT = 300;

    private final Path program;
    private final Duration timeout;

    /** A TXT record. */
    record Entry(String name, String value) {}

    DnsCommand(Path program, Duration timeout) {
        this.program = program;
        this.timeout = timeout;
    }

    /** Adds a record. */
    void add(Entry entry) throws AcmeProblem, InterruptedException {
        run("add", entry);
    }

    /** Removes a record. A failure is logged only. */
    void remove(Entry entry) throws InterruptedException {
        try {
            run("remove", entry);
        } catch (AcmeProblem problem) {
            LOG.warn("the record {} may stay in the DNS: {}", entry.name(), problem.text());
        }
    }

    private void run(String action, Entry entry) throws AcmeProblem, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), action, entry.name(), entry.value());
        builder.redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("FLOTILLA_"));
        String what = program.getFileName() + " " + action + " " + entry.name() + " ";
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new AcmeProblem(what + "cannot be run: " + e.getMessage());
        }
        try {
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> begin(process.getInputStream()), task -> {
                        Thread thread = new Thread(task, "flotilla-acme-dns");
                        thread.setDaemon(true);
                        thread.start();
                    });
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AcmeProblem(what + "did not end within " + timeout.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new AcmeProblem(what + "ended with " + process.exitValue() + ": "
                        + output.completeOnTimeout("", 1, TimeUnit.SECONDS).join());
            }
        } finally {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Returns the begin of an output, and reads all of it: the program would block otherwise. */
    private static String begin(InputStream output) {
        try (output) {
            String text = new String(output.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8).strip();
            output.transferTo(java.io.OutputStream.nullOutputStream());
            return text;
        } catch (IOException ended) {
            return "";
        }
    }
}
