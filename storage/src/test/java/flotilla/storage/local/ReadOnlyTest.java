package flotilla.storage.local;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.storage.AttributeChange;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file system that becomes read-only, as ext4 does after an error of its disk. */
@Timeout(60)
class ReadOnlyTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path disk;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        String problem = run("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "none", disk.toString());
        assumeTrue(problem.isEmpty(), "only root can mount a file system: " + problem);
        mounted = true;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", "-l", disk.toString());
        }
    }

    @Test
    void changesAreRefusedWithThatReasonUntilItCanBeWrittenAgain() throws Exception {
        try (LocalStorage storage = LocalStorage.open(disk, LocalOptions.defaults())) {
            StorageActions files = new StorageActions(storage);
            files.store("/f", "content");
            files.mkdir("/d");
            assertEquals("", run("mount", "-o", "remount,ro", disk.toString()));
            refused(Reason.READ_ONLY, () -> files.store("/new", "x"));
            refused(Reason.READ_ONLY, () -> files.store("/f", "x"));
            refused(Reason.READ_ONLY, () -> files.store("/f", "x", WriteMode.APPEND));
            refused(Reason.READ_ONLY, () -> files.delete("/f"));
            refused(Reason.READ_ONLY, () -> files.rename("/f", "/g", false));
            refused(Reason.READ_ONLY, () -> files.rename("/f", "/g", true));
            refused(Reason.READ_ONLY, () -> files.mkdir("/e"));
            refused(Reason.READ_ONLY, () -> files.rmdir("/d"));
            refused(Reason.READ_ONLY, () -> storage.change(path("/f"), AttributeChange.modified(1_000)));
            assertEquals("content", files.load("/f"));
            assertEquals(List.of("d", "f"), files.names("/"));
            assertEquals("", run("mount", "-o", "remount,rw", disk.toString()));
            files.store("/f", "again");
            assertEquals("again", files.load("/f"));
        }
    }

    /** Returns the complaints of the command. */
    private static String run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : output + "failed";
    }
}
