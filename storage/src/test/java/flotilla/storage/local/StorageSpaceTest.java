package flotilla.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The log about full file systems. {@code StorageAcceptanceTest} uses a disk that is really full. */
class StorageSpaceTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(StorageSpace.class);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static StorageException failure(Reason reason) {
        return new StorageException(reason, "/f: failed");
    }

    @Test
    void aQuotaOfTheFileSystemIsNamedForEachHomeAndAFullDiskOnceForItsRoot(@TempDir Path root) throws Exception {
        Path alice = Files.createDirectory(root.resolve("alice"));
        Path bob = Files.createDirectory(root.resolve("bob"));
        StorageSpace space = new StorageSpace(root);
        for (int i = 0; i < 3; i++) {
            space.failed(alice, failure(Reason.DISK_QUOTA));
            space.failed(bob, failure(Reason.NO_SPACE));
            space.failed(alice, failure(Reason.NO_SPACE));
            space.failed(bob, failure(Reason.QUOTA_EXCEEDED));
            space.failed(bob, failure(Reason.IO));
        }
        assertEquals(2, said().size(), said().toString());
        assertTrue(said().get(0).startsWith("a quota of the file system is used up in " + alice + ": "));
        assertTrue(said().get(1).startsWith("the storage in " + root + " has no room for an upload"));
        assertEquals(2, space.count());
    }

    @Test
    void noMoreAreToldOfThanAnOperatorReads(@TempDir Path root) {
        StorageSpace space = new StorageSpace(root);
        for (int i = 0; i < StorageSpace.MOST_TOLD + 10; i++) {
            space.failed(root.resolve("home-" + i), failure(Reason.DISK_QUOTA));
        }
        assertEquals(StorageSpace.MOST_TOLD, space.count());
        assertEquals(StorageSpace.MOST_TOLD, said().size());
    }
}
