package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import flotilla.ops.clients.Fifo;
import flotilla.ops.e2e.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Log files on real disks. */
@Timeout(60)
class LineWriterTest {
    private static final int QUEUE = 500;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event.getFormattedMessage());
        }
    };
    private final Logger logger = (Logger) LoggerFactory.getLogger(LineWriter.class);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.WARN);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() throws Exception {
        logger.detachAppender(appender);
        new ProcessBuilder("umount", directory.toString()).start().waitFor();
    }

    private static String line(int number) {
        return "line " + number + " " + "x".repeat(70) + " end";
    }

    @Test
    @DisplayName(
            "while the disk is full lines wait, then are lost and counted; afterwards each line is whole and the log says what is missing")
    void fullDisk() throws Exception {
        Process mount =
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=32k", "none", directory.toString()).start();
        assumeTrue(mount.waitFor() == 0, "needs root");
        Path hog = directory.resolve("hog");
        Files.write(hog, new byte[16 << 10]);
        Path file = directory.resolve("full.log");
        try (LineWriter writer = LineWriter.open(file.toString(), QUEUE)) {
            IntStream.range(0, 300).forEach(i -> writer.write(line(i)));
            Await.until("a warning", () -> !said.isEmpty());
            assertTrue(said.get(0).startsWith("the log " + file + " cannot be written: "), said.toString());
            // It must fail again: the second warning would have to come now.
            int number = 300;
            while (writer.lost() < 100) {
                writer.write(line(number++));
            }
            assertEquals(1, said.size(), said.toString());
            Files.delete(hog);
            long lost = writer.lost();
            new ProcessBuilder("mount", "-o", "remount,size=1m", directory.toString())
                    .start()
                    .waitFor();
            Await.until("recovery", () -> said.size() > 1);
            assertEquals("the log " + file + " is written again; " + lost + " lines were lost", said.get(1));
            int kept = number - (int) lost;
            Await.until("all lines", () -> Files.readAllLines(file).size() == kept);
            List<String> expected = new ArrayList<>();
            IntStream.range(0, kept).forEach(i -> expected.add(line(i)));
            assertEquals(expected, Files.readAllLines(file));
        }
    }

    @Test
    @DisplayName("a full log that somebody empties goes on with a whole line")
    void emptied() throws Exception {
        Process mount =
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=16k", "none", directory.toString()).start();
        assumeTrue(mount.waitFor() == 0, "needs root");
        Path file = directory.resolve("full.log");
        try (LineWriter writer = LineWriter.open(file.toString(), QUEUE)) {
            IntStream.range(0, 250).forEach(i -> writer.write(line(i)));
            Await.until("a warning", () -> !said.isEmpty());
            Files.write(file, new byte[0]);
            Await.until("recovery", () -> said.size() > 1);
            Await.until("the last line", () -> Files.readString(file).endsWith(line(249) + "\n"));
            List<String> lines = Files.readAllLines(file);
            assertTrue(lines.get(0).startsWith("line "), lines.get(0));
            assertEquals(0, writer.lost());
        }
    }

    @Test
    @DisplayName("a pipe is refused in a sentence, at the start and when logs are opened again")
    void pipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        Fifo.make(pipe);
        IOException refused = assertThrows(IOException.class, () -> LineWriter.open(pipe.toString(), QUEUE));
        assertEquals("the log " + pipe + " is neither a file nor a character device", refused.getMessage());
        Path file = directory.resolve("file");
        try (LineWriter writer = LineWriter.open(file.toString(), QUEUE)) {
            Files.move(file, directory.resolve("renamed"));
            Fifo.make(file);
            writer.reopen();
            writer.write("goes on");
            Await.until("the line", () -> Files.readString(directory.resolve("renamed"))
                    .equals("goes on\n"));
            assertEquals(1, said.size(), said.toString());
            assertTrue(said.get(0).startsWith("the log " + file + " is not opened again"), said.toString());
        }
        LineWriter.open("/dev/null", QUEUE).close();
    }

    @Test
    @DisplayName("a new log file is for the server's user and group")
    void mode() throws Exception {
        Path file = directory.resolve("new.log");
        LineWriter.open(file.toString(), QUEUE).close();
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
}
