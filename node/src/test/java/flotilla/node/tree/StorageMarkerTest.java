package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.fixture.MemoryAgreements;
import flotilla.storage.ReservedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** What the node says after it has looked. */
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
}
