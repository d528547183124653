package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterLease;
import flotilla.storage.ReservedNames;
import flotilla.storage.local.RootMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageLeaseTest {
    private static final Optional<ClusterLease> NONE = Optional.empty();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path root = Path.of("");

    @BeforeEach
    void mark() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        new RootMarker(root, directory.resolve("marker-memory")).create();
    }

    private StorageLease node(String memory, boolean databaseIsShared) {
        return new StorageLease(root, directory.resolve(memory), databaseIsShared);
    }

    private static ClusterLease lease(String id, long renewals, String... members) {
        return new ClusterLease(id, "home", List.of(members), renewals);
    }

    @Test
    void whatIsWrittenIsReadByOthersAndOnlyWhatWasSeenIsReplaced() throws IOException {
        StorageLease one = node("one", true);
        StorageLease two = node("two", true);
        ClusterLease first = lease("a1", 1, "node-1@10.0.0.1:7355", "node-2@[2001:db8::1]:7355");
        assertTrue(one.replace(NONE, first));
        assertEquals(Optional.of(first), two.read());
        assertFalse(two.replace(NONE, lease("b2", 1)));
        assertTrue(one.replace(Optional.of(first), lease("a1", 2)));
        assertFalse(two.replace(Optional.of(first), lease("b2", 1)), "it has moved");
        assertTrue(two.replace(Optional.of(lease("a1", 2)), lease("b2", 3)));
        assertFalse(one.remove(lease("a1", 2)));
        assertTrue(two.remove(lease("b2", 3)));
        assertEquals(NONE, one.read());
    }

    @Test
    void nothingIsWrittenToARootThatNobodyHasMarked() throws IOException {
        Files.delete(root.resolve(ReservedNames.MARKER));
        StorageLease node = node("one", true);
        assertThrows(IOException.class, node::read);
        assertThrows(IOException.class, () -> node.replace(NONE, lease("a1", 1)));
        try (var files = Files.list(root)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aNodeThatAloneHasItsDatabaseKnowsItsOwnFormerLease() throws IOException {
        assertTrue(node("one", false).replace(NONE, lease("a1", 7)));
        assertEquals(Optional.of(lease("a1", 7)), node("two", false).read(), "not by another node");
        StorageLease again = node("one", false);
        assertEquals(NONE, again.read());
        assertTrue(again.replace(NONE, lease("b2", 1)));
        assertEquals(Optional.of(lease("b2", 1)), again.read());
        assertEquals(Optional.of(lease("b2", 1)), node("one", true).read(), "not where others have the database, too");
    }

    @Test
    void aFileThatCannotBeReadIsSomebodysWhileItChanges() throws IOException {
        Path file = root.resolve(ReservedNames.MARKER + ".lease");
        Files.writeString(file, "torn");
        StorageLease node = node("one", true);
        ClusterLease torn = node.read().orElseThrow();
        Files.writeString(file, "tor");
        assertTrue(node.read().orElseThrow().renewals() != torn.renewals());
        assertTrue(node.replace(node.read(), lease("a1", 1)));
        assertEquals(Optional.of(lease("a1", 1)), node.read());
    }

    @Test
    void aLongListOfMembersIsReadBackAsItWasWritten() throws IOException {
        StorageLease node = node("one", true);
        String[] many = IntStream.range(0, 300)
                .mapToObj(i -> "a-node-with-a-long-name-" + i + "@10.0.0.1:7355")
                .toArray(String[]::new);
        assertTrue(node.replace(NONE, lease("a1", 1, many)));
        assertTrue(node.replace(node.read(), lease("a1", 2, many)));
        assertTrue(node.remove(node.read().orElseThrow()));
    }
}
