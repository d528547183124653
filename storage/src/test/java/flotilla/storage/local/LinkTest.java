package flotilla.storage.local;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.Entry;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private Path root;
    private Path outside;
    private StorageActions following;
    private StorageActions refusing;

    @BeforeEach
    void open() throws Exception {
        root = Files.createDirectory(temporary.toRealPath().resolve("root"));
        outside = Files.createDirectory(root.resolveSibling("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        LocalOptions options = LocalOptions.defaults();
        following = new StorageActions(LocalStorage.open(root, options.withFollowLinks(true)));
        refusing = new StorageActions(LocalStorage.open(root, options));
        following.mkdir("/d");
        following.mkdir("/d/e");
        following.store("/d/f", "inside");
    }

    @AfterEach
    void close() {
        following.storage().close();
        refusing.storage().close();
    }

    private void link(String name, Object target) throws Exception {
        Files.createSymbolicLink(root.resolve(name), Path.of(target.toString()));
    }

    private void reachesNothing(StorageActions files, String link) throws Exception {
        for (String path : List.of(link, link + "/secret")) {
            refused(Reason.ACCESS_DENIED, () -> files.load(path));
            refused(Reason.ACCESS_DENIED, () -> files.names(path));
            refused(Reason.ACCESS_DENIED, () -> files.store(path, "x"));
            refused(Reason.ACCESS_DENIED, () -> files.store(path, "x", WriteMode.APPEND));
            refused(Reason.ACCESS_DENIED, () -> files.partSize(path));
            refused(Reason.ACCESS_DENIED, () -> files.rmdir(path));
            refused(Reason.ACCESS_DENIED, () -> files.rename(path, "/stolen", true));
            refused(Reason.ACCESS_DENIED, () -> files.rename("/d/f", path, true));
            refused(Reason.ACCESS_DENIED, () -> files.storage().change(path(path), AttributeChange.mode(0777)));
            refused(Reason.ACCESS_DENIED, () -> files.storage().freeBytes(path(path)));
        }
        refused(Reason.ACCESS_DENIED, () -> files.mkdir(link + "/new"));
        refused(Reason.ACCESS_DENIED, () -> files.stat(link + "/secret"));
        refused(Reason.ACCESS_DENIED, () -> files.delete(link + "/secret"));
        assertEquals(Entry.Type.LINK, files.stat(link).type());
        assertEquals(0, files.stat(link).size());
        assertEquals(
                List.of(files.stat("/d"), files.stat(link)),
                files.list("/", 10).stream()
                        .sorted(Comparator.comparing(Entry::isLink))
                        .toList());
        files.delete(link);
        assertEquals(List.of("d"), files.names("/"));
        assertEquals("secret", Files.readString(outside.resolve("secret")));
        assertEquals(1, outside.toFile().list().length);
    }

    @Test
    void withoutFollowingNoLinkIsFollowed() throws Exception {
        link("inside", "d");
        reachesNothing(refusing, "/inside");
        assertEquals("inside", following.load("/d/f"));
        link("outside", outside);
        reachesNothing(refusing, "/outside");
    }

    @Test
    void aLinkOutsideReachesNothing() throws Exception {
        link("absolute", outside);
        reachesNothing(following, "/absolute");
        link("relative", "../outside");
        reachesNothing(following, "/relative");
        link("tricky", root + "/d/../../outside");
        reachesNothing(following, "/tricky");
        link("prefix", root + "-not");
        reachesNothing(following, "/prefix");
    }

    @Test
    void aLinkInsideLeadsToItsTarget() throws Exception {
        link("relative", "d/e/../f");
        link("absolute", root.resolve("d"));
        link("d/e/up", "../../d/./f");
        link("top", "d/..");
        link("chain", "absolute/e/up");
        for (String path : List.of("/relative", "/absolute/f", "/d/e/up", "/top/d/f", "/chain")) {
            assertEquals("inside", following.load(path));
            assertEquals(following.stat("/d/f").identity(), following.stat(path).identity());
        }
        assertEquals(List.of("absolute", "chain", "d", "relative", "top"), following.names("/"));
        assertEquals(List.of("absolute", "chain", "d", "relative", "top"), following.names("/top"));
        assertEquals(List.of("up"), following.names("/absolute/e"));
        Entry listed = following.list("/", 10).get(0);
        assertTrue(listed.isDirectory());
        assertEquals(following.stat("/d").named("absolute"), listed);
    }

    @Test
    void whatIsDoneThroughALinkHappensAtItsTarget() throws Exception {
        link("file", "d/f");
        link("dir", "d/e");
        link("dangling", "d/new");
        following.store("/file", "changed");
        following.store("/file", "+", WriteMode.APPEND);
        following.store("/dir/g", "deep");
        following.mkdir("/dir/sub");
        following.store("/dangling", "made");
        assertTrue(Files.isSymbolicLink(root.resolve("file")));
        assertEquals("changed+", following.load("/d/f"));
        assertEquals("deep", following.load("/d/e/g"));
        assertEquals("made", following.load("/d/new"));
        refused(Reason.ALREADY_EXISTS, () -> following.store("/file", "x", WriteMode.CREATE_NEW));
        refused(Reason.ALREADY_EXISTS, () -> following.mkdir("/dir"));
        refused(Reason.INTO_ITSELF, () -> following.rename("/d", "/dir/d", false));
    }

    @Test
    void deletingAndRenamingActOnTheLinkItself() throws Exception {
        link("file", "d/f");
        link("dir", "d");
        following.rename("/file", "/renamed", false);
        assertEquals("inside", following.load("/renamed"));
        following.delete("/renamed");
        assertEquals("inside", following.load("/d/f"));
        refused(Reason.ACCESS_DENIED, () -> following.rmdir("/dir"));
        following.delete("/dir");
        assertEquals("inside", following.load("/d/f"));
        link("target", "d/f");
        following.store("/new", "new");
        following.rename("/new", "/target", true);
        assertFalse(Files.isSymbolicLink(root.resolve("target")));
        assertEquals("inside", following.load("/d/f"));
    }

    @Test
    void loopsAndDanglingLinksEnd() throws Exception {
        link("self", "self");
        link("ping", "pong");
        link("pong", "ping");
        link("d/around", "../d/around/x");
        link("dangling", "d/no");
        for (String path : List.of("/self", "/ping", "/pong/x", "/d/around")) {
            refused(Reason.ACCESS_DENIED, () -> following.load(path));
        }
        refused(Reason.NOT_FOUND, () -> following.load("/dangling"));
        assertEquals(List.of("d", "dangling", "ping", "pong", "self"), following.names("/"));
        assertEquals(List.of("around", "e", "f"), following.names("/d"));
    }

    @Test
    void linksThatLeadNowhereCanBeSeenAndRemovedWithTheirDirectory() throws Exception {
        link("d/e/nowhere", "../no/such/file");
        link("d/e/self", "self");
        assertEquals(
                List.of(Entry.Type.LINK, Entry.Type.LINK),
                following.list("/d/e", 10).stream().map(Entry::type).toList());
        refused(Reason.NOT_EMPTY, () -> following.rmdir("/d/e"));
        assertEquals(Optional.empty(), following.storage().delete(path("/d/e/nowhere")));
        refusing.delete("/d/e/self");
        following.rmdir("/d/e");
        assertEquals(List.of("f"), following.names("/d"));
    }

    @Test
    void aChainOfSixteenLinksIsFollowedAndNoLonger() throws Exception {
        link("l0", "d/f");
        for (int i = 1; i < 17; i++) {
            link("l" + i, "l" + (i - 1));
        }
        assertEquals("inside", following.load("/l15"));
        refused(Reason.ACCESS_DENIED, () -> following.load("/l16"));
    }

    @Test
    void noLinkLeadsToTheParts() throws Exception {
        following.fail("/g", "part", WriteMode.REPLACE, Remains.KEEP);
        link("parts", ".flotilla-parts");
        link("again", root.resolve(".flotilla-parts"));
        for (String path : List.of("/parts", "/again")) {
            refused(Reason.ACCESS_DENIED, () -> following.names(path));
            assertEquals(Entry.Type.LINK, following.stat(path).type());
            following.delete(path);
        }
        assertEquals(4, following.partSize("/g"));
        assertEquals(List.of("d"), following.names("/"));
    }

    @Test
    void partsBehindALinkAreRefused() throws Exception {
        Files.move(root.resolve(".flotilla-parts"), temporary.resolve("moved"));
        link(".flotilla-parts", outside);
        refused(Reason.IO, () -> following.store("/x", "x"));
        refused(Reason.IO, () -> following.mkdir("/x"));
        assertEquals(1, outside.toFile().list().length);
    }

    @Test
    void aRootThatIsMovedAwayStaysTheSameDirectory() throws Exception {
        Files.move(root, temporary.resolve("elsewhere"));
        Files.createSymbolicLink(root, outside);
        assertEquals("inside", following.load("/d/f"));
        following.store("/d/g", "still here");
        refused(Reason.NOT_FOUND, () -> following.load("/secret"));
        assertTrue(Files.exists(temporary.resolve("elsewhere/d/g"), LinkOption.NOFOLLOW_LINKS));
        Files.delete(root);
    }
}
