package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.Trees;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.memory.MemoryStorage;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rename never leads around a rule. */
class RenameRulesTest {
    private static final Set<Permission> ALL = EnumSet.allOf(Permission.class);
    private static final Set<Permission> NONE = EnumSet.noneOf(Permission.class);

    private final MemoryStorage storage = new MemoryStorage(1 << 20);

    @BeforeEach
    void files() throws StorageException {
        for (String directory : new String[] {"/dept", "/dept/secret", "/plain", "/plain/sub", "/in", "/out"}) {
            Trees.directory(storage, directory);
        }
        MemoryBackends.store(storage, "/dept/secret/x", "secret");
        MemoryBackends.store(storage, "/plain/sub/y", "plain");
        MemoryBackends.store(storage, "/in/f", "sent");
    }

    private void rename(UserTree tree, String from, String to) throws StorageException {
        String identity = Trees.stat(storage, from).identity();
        tree.rename(VirtualPath.of(from), identity, VirtualPath.of(to), true);
    }

    private static void refused(org.junit.jupiter.api.function.Executable rename) {
        StorageException failure = assertThrows(StorageException.class, rename);
        assertEquals(Reason.ACCESS_DENIED, failure.reason());
    }

    @Test
    void aDirectoryAboveARuleStays() throws StorageException {
        UserTree tree = Trees.tree(storage, new PathRule("/", ALL), new PathRule("/dept/secret", NONE));
        refused(() -> rename(tree, "/dept", "/dept2"));
        refused(() -> tree.renameSource(VirtualPath.of("/dept")));
        assertEquals(
                "/dept/secret/x",
                "/dept/secret/" + Trees.stat(storage, "/dept/secret/x").name());
    }

    @Test
    void nothingMovesToWhereARuleLiesBelow() throws StorageException {
        UserTree tree = Trees.tree(storage, new PathRule("/", ALL), new PathRule("/later/sub", NONE));
        refused(() -> rename(tree, "/plain", "/later"));
    }

    @Test
    void aDirectoryMovesWhereOneRuleHoldsForAllOfIt() throws StorageException {
        UserTree tree = Trees.tree(
                storage, new PathRule("/", ALL), new PathRule("/plain/sub", ALL), new PathRule("/dept/secret", NONE));
        rename(tree, "/plain", "/moved");
        assertEquals(5, Trees.stat(storage, "/moved/sub/y").size());
    }

    @Test
    void whatCannotBeReadDoesNotMoveToWhereItCan() throws StorageException {
        Set<Permission> drop = EnumSet.of(Permission.WRITE, Permission.RENAME, Permission.LIST);
        UserTree tree = Trees.tree(storage, new PathRule("/in", drop), new PathRule("/out", ALL));
        refused(() -> rename(tree, "/in/f", "/out/f"));
        rename(tree, "/in/f", "/in/g");
        assertEquals(4, Trees.stat(storage, "/in/g").size());
    }
}
