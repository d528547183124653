package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RareFailuresTest {
    private final RareFailures failures = new RareFailures();
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger log = new LoggerContext().getLogger("test");

    @BeforeEach
    void listen() {
        written.start();
        log.addAppender(written);
    }

    private static Throwable broken(String file) {
        FileSystemException cause = new FileSystemException(file, null, "Input/output error");
        return new CompletionException(new StorageException(Reason.IO, "cannot open", cause));
    }

    @Test
    void aStorageThatFailsEachCommandIsOneLineWithoutATrace() {
        for (int i = 0; i < 50; i++) {
            failures.tell(log, "SIZE", "s" + i, broken("/srv/file" + i));
        }
        List<ILoggingEvent> lines = List.copyOf(written.list);
        assertEquals(1, lines.size());
        assertEquals(
                "SIZE failed in session s0: cannot open: /srv/file0: Input/output error",
                lines.get(0).getFormattedMessage());
        assertNull(lines.get(0).getThrowableProxy());
    }

    @Test
    void anotherCauseIsAnotherLineAndOneThatIsOursHasItsTrace() {
        failures.tell(log, "SIZE", "s", broken("/srv/file"));
        failures.tell(log, "MDTM", "s", new IllegalStateException("a mistake"));
        failures.tell(log, "MDTM", "s", new IllegalStateException("a mistake"));
        assertEquals(2, written.list.size());
        assertNotNull(written.list.get(1).getThrowableProxy());
    }
}
