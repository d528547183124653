package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import flotilla.node.fixture.MemoryAgreements;
import flotilla.storage.ReservedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class StorageMarkerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final MemoryAgreements cluster = new MemoryAgreements();

    private Path root(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private StorageMarker node(String name, Path root) {
        return StorageMarker.watch(root, directory.resolve(name + "-memory"), cluster, Optional::empty);
    }

    /** The node's problem after its first check. */
    private static String problem(StorageMarker node) {
        eventually(() -> !node.problem().equals(Optional.of("the storage has not been looked at")));
        return node.problem().orElse("");
    }

    private static void eventually(BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "still not so after 20 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void nodesThatSeeTheSameRootAgreeAlsoWhenTheyStartTogether() throws IOException {
        Path root = root("shared");
        try (StorageMarker one = node("one", root);
                StorageMarker two = node("two", root);
                StorageMarker three = node("three", root)) {
            assertEquals("", problem(one) + problem(two) + problem(three));
        }
        try (var files = Files.list(root)) {
            assertEquals(1, files.count(), "one marker, and nothing left over");
        }
    }

    @Test
    void aNodeThatSeesAnotherDirectorySaysSoUntilTheMountIsThere() throws IOException {
        Path shared = root("shared");
        Path mount = root("mount");
        try (StorageMarker one = node("one", shared)) {
            assertEquals("", problem(one));
            try (StorageMarker stranger = node("two", root("other"));
                    StorageMarker late = node("three", mount)) {
                assertTrue(problem(stranger).contains("not mounted"), problem(stranger));
                assertTrue(problem(late).contains(mount.toString()), problem(late));
                Files.delete(mount);
                Files.createSymbolicLink(mount, shared);
                eventually(() -> late.problem().isEmpty());
                Files.delete(mount);
                eventually(() -> late.problem().isPresent());
            }
        }
    }

    @Test
    void aNodeThatKnewAStorageDoesNotTakeAnEmptyDirectoryForIt() throws IOException {
        Path root = root("shared");
        try (StorageMarker before = node("one", root)) {
            assertEquals("", problem(before));
        }
        Path marker = root.resolve(ReservedNames.MARKER);
        String content = Files.readString(marker);
        Files.delete(marker);
        MemoryAgreements afterRestart = new MemoryAgreements();
        try (StorageMarker again =
                StorageMarker.watch(root, directory.resolve("one-memory"), afterRestart, Optional::empty)) {
            assertTrue(problem(again).contains("not mounted"), problem(again));
            Files.writeString(marker, content);
            eventually(() -> again.problem().isEmpty());
        }
    }

    @Test
    void aStorageOfAnotherClusterIsNotTakenAndOneThatWasConfirmedIsNotGivenUp() throws IOException {
        AtomicReference<Optional<String>> other = new AtomicReference<>(Optional.of("another cluster uses it"));
        try (StorageMarker node =
                StorageMarker.watch(root("shared"), directory.resolve("memory"), cluster, other::get)) {
            assertEquals("another cluster uses it", problem(node));
            other.set(Optional.empty());
            eventually(() -> node.problem().isEmpty());
            other.set(Optional.of("another cluster uses it"));
            Path marker = directory.resolve("shared").resolve(ReservedNames.MARKER);
            String content = Files.readString(marker);
            Files.delete(marker);
            eventually(() -> node.problem().isPresent());
            Files.writeString(marker, content);
            eventually(() -> node.problem().isEmpty());
        }
    }

    @Test
    void aStorageThatBecomesReadOnlyIsToldOnceAndStaysTheClusters() throws Exception {
        Path root = root("disk");
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "none", root.toString()), "only root can mount");
        Logger logger = (Logger) LoggerFactory.getLogger(StorageMarker.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        try (StorageMarker node = node("one", root)) {
            assertEquals("", problem(node));
            assertEquals(Optional.empty(), node.readOnly());
            assertTrue(run("mount", "-o", "remount,ro", root.toString()));
            eventually(() -> node.readOnly().isPresent());
            assertEquals("", problem(node), "clients can still read");
            assertTrue(node.readOnly().orElseThrow().contains(root + " has become read-only"));
            assertTrue(run("mount", "-o", "remount,rw", root.toString()));
            eventually(() -> node.readOnly().isEmpty());
            eventually(() -> lines(log, Level.INFO, "can be written again") == 1);
            assertEquals(1, lines(log, Level.WARN, "has become read-only"));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
            run("umount", "-l", root.toString());
        }
    }

    private static long lines(ListAppender<ILoggingEvent> log, Level level, String text) {
        return log.list.stream()
                .filter(line ->
                        line.getLevel() == level && line.getFormattedMessage().contains(text))
                .count();
    }

    @Test
    void aStorageThatCouldNeverBeWrittenIsMeantToBeSo() throws Exception {
        Path root = root("disk");
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "none", root.toString()), "only root can mount");
        try {
            try (StorageMarker before = node("one", root)) {
                assertEquals("", problem(before));
            }
            assertTrue(run("mount", "-o", "remount,ro", root.toString()));
            try (StorageMarker node = node("one", root)) {
                assertEquals("", problem(node));
                assertEquals(Optional.empty(), node.readOnly());
            }
        } finally {
            run("umount", "-l", root.toString());
        }
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
