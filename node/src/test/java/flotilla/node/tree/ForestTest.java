package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.MountPoint;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.node.fixture.MemoryBackends;
import flotilla.storage.AttributeChange;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.PoorStorage;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ForestTest {
    private static final MountPoint IN = MountPoint.of("/in", "incoming");
    private static final MountPoint DEEP = MountPoint.of("/a/b/deep", "archive");

    private final MemoryBackends backends = new MemoryBackends();

    private UserTree tree(MountPoint... mounts) throws StorageException {
        return tree(List.of(), mounts);
    }

    private UserTree tree(List<PathRule> rules, MountPoint... mounts) throws StorageException {
        return UserTree.open(backends, new Mount("home", rules, false, "", MountTable.of(List.of(mounts))));
    }

    private static VirtualPath path(String path) throws StorageException {
        return VirtualPath.of(path);
    }

    private static void refused(Reason reason, Executable change) {
        assertEquals(reason, assertThrows(StorageException.class, change).reason());
    }

    @Test
    void aMountAndWhatLeadsToItStay() throws StorageException {
        backends.store("incoming", "/f", "1");
        UserTree tree = tree(IN, DEEP);
        for (String fixed : List.of("/in", "/a", "/a/b", "/a/b/deep")) {
            VirtualPath path = path(fixed);
            assertTrue(tree.stat(path).isDirectory(), fixed);
            refused(Reason.MOUNT_POINT, () -> tree.removeDirectory(path));
            refused(Reason.MOUNT_POINT, () -> tree.delete(path));
            refused(Reason.MOUNT_POINT, () -> tree.renameSource(path));
            refused(Reason.MOUNT_POINT, () -> tree.renameLocks(path, path("/x")));
            refused(Reason.MOUNT_POINT, () -> tree.renameLocks(path("/x"), path));
            refused(Reason.ALREADY_EXISTS, () -> tree.makeDirectory(path));
            refused(Reason.IS_A_DIRECTORY, () -> tree.checkWrite(path, WriteMode.REPLACE));
            String letters = tree.permissions(path, tree.stat(path));
            assertFalse(letters.contains("d") || letters.contains("f"), letters);
        }
        refused(Reason.MOUNT_POINT, () -> tree.change(path("/in"), AttributeChange.modified(0)));
        tree.makeDirectory(path("/in/new"));
        assertTrue(backends.exists("incoming", "/new"));
    }

    @Test
    void nothingIsRenamedFromOneTreeToAnother() throws StorageException {
        backends.store("incoming", "/f", "1");
        backends.store("home", "/f", "1");
        MountPoint again = MountPoint.of("/again", "incoming");
        UserTree tree = tree(IN, again);
        refused(Reason.CROSS_DEVICE, () -> tree.renameLocks(path("/in/f"), path("/g")));
        refused(Reason.CROSS_DEVICE, () -> tree.renameLocks(path("/f"), path("/in/g")));
        String identity = tree.stat(path("/in/f")).identity();
        refused(Reason.CROSS_DEVICE, () -> tree.rename(path("/in/f"), identity, path("/again/g"), true));
        tree.rename(path("/in/f"), identity, path("/in/g"), true);
        assertTrue(backends.exists("incoming", "/g"));
    }

    @Test
    void rulesGoOverTheWholeTreeAndAReadOnlyMountRefusesChanges() throws StorageException {
        backends.store("incoming", "/f", "1");
        backends.store("archive", "/f", "1");
        MountPoint partners = new MountPoint("/in/partners", "archive", true, 0, 0);
        UserTree tree = tree(IN, partners);
        refused(Reason.ACCESS_DENIED, () -> tree.write(path("/in/partners/g"), WriteMode.REPLACE));
        refused(Reason.ACCESS_DENIED, () -> tree.delete(path("/in/partners/f")));
        assertEquals("r", tree.permissions(path("/in/partners/f"), tree.stat(path("/in/partners/f"))));
        tree.delete(path("/in/f"));

        Set<Permission> look = EnumSet.of(Permission.READ, Permission.LIST);
        UserTree ruled = tree(List.of(new PathRule("/", look), new PathRule("/in/x", Set.of())), IN);
        refused(Reason.ACCESS_DENIED, () -> ruled.write(path("/in/g"), WriteMode.REPLACE));
        refused(Reason.ACCESS_DENIED, () -> ruled.list(path("/in/x"), Listing.Order.NONE));
    }

    @Test
    void aMountThatIsAwayFailsItsOwnPathsOnly() throws StorageException {
        backends.store("home", "/f", "1");
        UserTree tree = tree(IN, MountPoint.of("/away", "missing"));
        try (Listing listing = tree.list(VirtualPath.ROOT, Listing.Order.NAME)) {
            assertEquals(
                    List.of("away", "f", "in"),
                    listing.next(10).stream().map(Entry::name).toList());
        }
        refused(Reason.NOT_FOUND, () -> tree.stat(path("/away")));
        refused(Reason.NOT_FOUND, () -> tree.list(path("/away"), Listing.Order.NAME));
        assertTrue(tree.stat(path("/f")).isFile());

        UserTree homeless =
                UserTree.open(backends, new Mount("missing", List.of(), false, "", MountTable.of(List.of(IN))));
        refused(Reason.NOT_FOUND, homeless::openHome);
        assertTrue(homeless.stat(path("/in")).isDirectory());
    }

    @Test
    void whatAStoreCannotDoIsRefusedThereAndOfferedWhereItCan() throws StorageException {
        backends.store("incoming", "/f", "1");
        backends.store("home", "/f", "1");
        Backends poor = new Backends() {
            @Override
            public StorageBackend open(Mount mount) throws StorageException {
                StorageBackend backend = backends.open(mount);
                return mount.home().equals("incoming") ? new PoorStorage(backend, Set.of()) : backend;
            }

            @Override
            public void close() {}
        };
        UserTree tree = UserTree.open(poor, new Mount("home", List.of(), false, "", MountTable.of(List.of(IN))));
        refused(Reason.UNSUPPORTED, () -> tree.checkWrite(path("/in/f"), WriteMode.APPEND));
        refused(Reason.UNSUPPORTED, () -> tree.change(path("/in/f"), AttributeChange.modified(0)));
        tree.change(path("/f"), AttributeChange.modified(0));
        assertTrue(tree.capabilities().contains(Capability.APPEND));
        assertEquals(Set.of(), tree.capabilities(path("/in/f")));
    }

    @Test
    void aNameOfAMacLeadsToTheMountToo() throws StorageException {
        backends.store("incoming", "/f", "1");
        UserTree tree = tree(MountPoint.of("/\u00e4", "incoming"));
        assertTrue(tree.stat(path("/a\u0308/f")).isFile());
        refused(Reason.ALREADY_EXISTS, () -> tree.makeDirectory(path("/a\u0308")));
    }

    @Test
    void oneFileHasOneLockHoweverItIsReached(@TempDir Path root) throws Exception {
        Files.createDirectories(root.resolve("home/in"));
        Files.createDirectories(root.resolve("other/in"));
        StoreSettings here = new StoreSettings(
                "", "local", Map.of("root", root.resolve("home").toString()));
        StoreSettings other = new StoreSettings(
                "archive", "local", Map.of("root", root.resolve("other").toString()));
        try (Stores stores = Stores.open(List.of(here, other), "", StoreResources.of(1 << 20, 1), Runnable::run)) {
            MountTable mounts = MountTable.of(List.of(
                    MountPoint.of("/m", "in"),
                    MountPoint.of("/n", "local:" + root.resolve("home/in")),
                    MountPoint.of("/o", "archive:/in")));
            UserTree tree =
                    UserTree.open(stores, new Mount(root.resolve("home").toString(), List.of(), false, "", mounts));
            String lock = tree.lockName(path("/in/f"));
            assertEquals(lock, tree.lockName(path("/m/f")));
            assertEquals(lock, tree.lockName(path("/n/f")), "local is the default store");
            assertFalse(lock.equals(tree.lockName(path("/o/f"))));
        }
    }
}
