package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardErrorTest {
    @Test
    void whatDoesNotFitIsDroppedCountedAndToldOnce() throws Exception {
        PipedInputStream reader = new PipedInputStream();
        StandardError messages = new StandardError(new PipedOutputStream(reader), 3);
        for (int i = 1; i <= 5; i++) {
            messages.write(("message " + i + "\n").getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(2, messages.dropped());
        Thread writer = new Thread(messages::writeAll);
        writer.setDaemon(true);
        writer.start();
        BufferedReader lines = new BufferedReader(new InputStreamReader(reader, StandardCharsets.UTF_8));
        assertEquals("message 1", lines.readLine());
        assertEquals("flotilla: 2 messages were dropped: standard error was not read fast enough", lines.readLine());
        assertEquals("message 2", lines.readLine());
        assertEquals("message 3", lines.readLine());
        writer.interrupt();
    }
}
