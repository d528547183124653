package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.FtpReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** Uploads of which a few end properly and most are cut. */
final class CutUploads {
    private static final int SIZE = 300_000;

    private enum Ending {
        /** close_notify: the only one that completes a file. */
        CLEAN,
        FIN,
        RESET,
        CONTROL_RESET_THEN_FIN,
        CONTROL_RESET_THEN_RESET,
        /** The control connection ends, and the data connection falls silent. */
        CONTROL_RESET_THEN_SILENCE,
        CONTROL_FIN_THEN_FIN
    }

    private record Result(String name, Ending ending, int sent, boolean answered226) {}

    private final UnderLoad load;
    private final int count;
    private final byte[] content = new byte[SIZE];
    private List<Result> results = List.of();

    CutUploads(UnderLoad load, int count) {
        this.load = load;
        this.count = count;
        load.random.nextBytes(content);
    }

    void run() throws Exception {
        results = load.inParallel(count, this::upload);
    }

    private Result upload(int index, Random own) throws IOException {
        String name = "upload-" + index;
        Ending ending = Ending.values()[index % Ending.values().length];
        int sent = ending == Ending.CLEAN ? SIZE : own.nextInt(SIZE + 1);
        FtpDriver ftp = load.login();
        DataChannel data = load.closing(ftp.transfer("STOR " + name));
        data.send(Arrays.copyOf(content, sent));
        boolean answered = false;
        switch (ending) {
            case CLEAN -> {
                data.finish();
                answered = isSuccess(ftp.reply());
            }
            case FIN -> {
                data.cut();
                answered = isSuccess(ftp.reply());
            }
            case RESET -> {
                data.reset();
                answered = isSuccess(ftp.reply());
            }
            case CONTROL_RESET_THEN_FIN -> {
                ftp.reset();
                data.cut();
            }
            case CONTROL_RESET_THEN_RESET -> {
                ftp.reset();
                data.reset();
            }
            case CONTROL_RESET_THEN_SILENCE -> ftp.reset();
            case CONTROL_FIN_THEN_FIN -> {
                ftp.cut();
                data.cut();
            }
        }
        return new Result(name, ending, sent, answered);
    }

    private static boolean isSuccess(FtpReply reply) {
        return reply.expect(226, 426).code() == 226;
    }

    /** Fails unless exactly the uploads that got 226 are visible, each with all its bytes. */
    void assertOnlyAnswered() throws Exception {
        Await.until(
                "no upload runs",
                () -> load.probe.status().get("transfers") == 0
                        && load.probe.status().get("sessions") <= count);
        assertEquals(count, results.size());
        for (Result result : results) {
            Path file = load.account.home().resolve(result.name());
            assertEquals(result.ending() == Ending.CLEAN, result.answered226(), result::toString);
            if (result.answered226()) {
                assertTrue(Files.exists(file), result::toString);
                assertArrayEquals(content, Files.readAllBytes(file), result::toString);
            } else {
                assertFalse(Files.exists(file), result::toString);
            }
        }
    }

    /** Returns how many uploads got no 226. */
    long failed() {
        return results.stream().filter(result -> !result.answered226()).count();
    }

    /** Waits for so many parts, of which none is being written. */
    void awaitParts(LongPredicate expected) throws Exception {
        Path parts = load.account.home().resolve(".flotilla-parts");
        Await.until("parts are as configured", () -> {
            if (!Files.isDirectory(parts)) {
                return expected.test(0);
            }
            try (Stream<Path> files = Files.list(parts)) {
                List<String> names =
                        files.map(path -> path.getFileName().toString()).toList();
                return names.stream().noneMatch(name -> name.contains(".")) && expected.test(names.size());
            }
        });
    }
}
