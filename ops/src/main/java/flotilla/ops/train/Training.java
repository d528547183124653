package flotilla.ops.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains a server by another process, which ends before the server does. */
public final class Training {
    /** System property: seconds that the training lasts. The server ends after it. */
    public static final String PROPERTY = "flotilla.train-seconds";

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    /** Extra time for the start of the trainer and its last round, on a busy machine. */
    private static final Duration MORE = Duration.ofSeconds(30);

    private Training() {}

    /** Returns whether this process was started for a training. */
    public static boolean isAsked() {
        return Integer.getInteger(PROPERTY, 0) > 0;
    }

    /**
     * Trains, and waits for the end. A training that fails is logged; an archive can be made all the same.
     *
     * @param certificate of the server
     */
    public static void run(Path certificate, int explicitPort, int implicitPort, String user, String password)
            throws IOException, InterruptedException {
        Duration time = Duration.ofSeconds(Integer.getInteger(PROPERTY, 0));
        Process trainer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Trainer.class.getName(),
                        certificate.toString(),
                        String.valueOf(explicitPort),
                        String.valueOf(implicitPort),
                        user,
                        String.valueOf(time.toMillis())))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = trainer.getOutputStream()) {
            in.write((password + "\n").getBytes(UTF_8));
        }
        boolean ended = trainer.waitFor(time.plus(MORE).toMillis(), TimeUnit.MILLISECONDS);
        trainer.destroyForcibly();
        if (!ended || trainer.exitValue() != 0) {
            LOG.warn("the training did not come to its end");
        }
    }
}
