package flotilla.storage.s3;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renames of directories, which copy and delete many objects. */
@Tag("processes")
class RenameTest {
    @TempDir
    static Path directory;

    private static S3Proxy proxy;
    private static int homes;

    private Store store;
    private Bucket bucket;
    private Background background;
    private String home;
    private StorageActions files;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.start(directory);
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @BeforeEach
    void open() throws Exception {
        home = "renames" + ++homes;
        bucket = proxy.bucket();
        background = new Background("test", 8);
        store = new S3Provider().open(proxy.settings("rename-max-objects", "30"), S3Proxy.resources());
        files = new StorageActions(store.home(home, true));
    }

    @AfterEach
    void close() {
        store.close();
        background.close();
        bucket.close();
    }

    private void put(String key, String text) throws Exception {
        Body body = Body.of(text.getBytes(StandardCharsets.UTF_8));
        bucket.put(home + "/" + key, body, Map.of(), Condition.none());
    }

    private List<Intent> intents() throws Exception {
        return Intent.all(bucket);
    }

    @Test
    void aDirectoryMovesWithAllBelow() throws Exception {
        files.mkdir("/d");
        files.mkdir("/d/empty");
        for (int i = 0; i < 20; i++) {
            put("d/e/f" + i, "text " + i);
        }
        files.rename("/d", "/moved", false);
        assertEquals(List.of("moved"), files.names("/"));
        assertEquals(List.of("e", "empty"), files.names("/moved"));
        assertEquals(20, files.names("/moved/e").size());
        assertEquals("text 7", files.load("/moved/e/f7"));
        refused(Reason.NOT_FOUND, () -> files.stat("/d"));
        assertEquals(List.of(), intents());
    }

    @Test
    void aDirectoryWithTooManyObjectsDoesNotMove() throws Exception {
        for (int i = 0; i < 31; i++) {
            put("d/f" + i, "x");
        }
        refused(Reason.UNSUPPORTED, () -> files.rename("/d", "/moved", false));
        assertEquals(List.of("d"), files.names("/"));
        assertEquals(31, files.names("/d").size());
        assertEquals(List.of(), intents());
    }

    /** As after {@code kill -9}: some objects are copied, and one of them is deleted already. */
    @Test
    void anotherNodeFinishesABrokenRename() throws Exception {
        for (String name : List.of("a", "b", "c/d")) {
            put("d/" + name, name);
        }
        Intent.begin(bucket, home + "/d/", home + "/moved/");
        for (String name : List.of("a", "b")) {
            bucket.copy(bucket.head(home + "/d/" + name).orElseThrow(), home + "/moved/" + name, Condition.none());
        }
        bucket.delete(home + "/d/a");
        DirectoryMove other = new DirectoryMove(new Tree(bucket), background);
        other.finishBroken(Duration.ofMinutes(5));
        assertEquals(1, intents().size());
        other.finishBroken(Duration.ofSeconds(-5));
        assertEquals(List.of(), intents());
        assertEquals(List.of("moved"), files.names("/"));
        for (String name : List.of("a", "b", "c/d")) {
            assertEquals(name, files.load("/moved/" + name));
        }
    }

    @Test
    void whatCameAfterABrokenRenameStays() throws Exception {
        put("d/a", "old");
        put("d/b", "old");
        Intent intent = Intent.begin(bucket, home + "/d/", home + "/moved/");
        put("moved/a", "stored at the new name");
        long begun = intent.begunMillis();
        while (bucket.head(home + "/d/b").orElseThrow().modifiedMillis() <= begun) {
            put("d/b", "stored at the old name");
        }
        new DirectoryMove(new Tree(bucket), background).finishBroken(Duration.ofSeconds(-5));
        assertEquals("stored at the new name", files.load("/moved/a"));
        assertEquals("stored at the old name", files.load("/d/b"));
        assertEquals("old", files.load("/d/a"));
    }

    @Test
    void anObjectOfTheSameSizeIsNotTakenForTheCopy() throws Exception {
        put("d/a", "old");
        Intent.begin(bucket, home + "/d/", home + "/moved/");
        put("moved/a", "new");
        new DirectoryMove(new Tree(bucket), background).finishBroken(Duration.ofSeconds(-5));
        assertEquals("old", files.load("/d/a"));
        assertEquals("new", files.load("/moved/a"));
        assertEquals(List.of(), intents());
    }

    /** The entity tag of its copy is another one. */
    @Test
    void aCopyOfAnObjectOfPartsIsKnownByItsBytes() throws Exception {
        put("d/small", "finds out which checksum the service takes");
        byte[] large = UploadNode.bytes(1, 6 << 20);
        String key = home + "/d/large";
        String id = bucket.multiparts().create(key, Map.of());
        bucket.multiparts()
                .complete(key, id, List.of(bucket.multiparts().upload(key, id, 1, Body.of(large))), Condition.none());
        Intent.begin(bucket, home + "/d/", home + "/moved/");
        bucket.put(home + "/moved/large", Body.of(large), Map.of(), Condition.none());
        new DirectoryMove(new Tree(bucket), background).finishBroken(Duration.ofSeconds(-5));
        assertEquals(List.of("moved"), files.names("/"));
        assertEquals(List.of("large", "small"), files.names("/moved"));
    }

    @Test
    void aRenameThatFailsIsUndone() throws Exception {
        put("d/a", "x");
        put("d/b/c", "x");
        put("moved/b", "this service keeps no directory where a file is");
        DirectoryMove move = new DirectoryMove(new Tree(bucket), background);
        refused(Reason.IO, () -> move.move(home + "/d/", home + "/moved/"));
        assertEquals(List.of("a", "b"), files.names("/d"));
        assertEquals(List.of("b"), files.names("/moved"));
        assertEquals("x", files.load("/d/b/c"));
        assertEquals(List.of(), intents());
    }

    @Test
    void aFileMovesOnlyAsTheObjectThatWasNamed() throws Exception {
        String seen = files.store("/f", "seen").identity();
        put("f", "another");
        refused(Reason.CHANGED, () -> files.storage().rename(path("/f"), seen, path("/g"), false));
        assertEquals(List.of("f"), files.names("/"));
    }

    /** As after a node slept so long that another one took it for dead. */
    @Test
    void aRenameThatAnotherNodeHasFinishedIsNotUndone() throws Exception {
        put("d/a", "a");
        put("d/b", "b");
        Intent intent = Intent.begin(bucket, home + "/d/", home + "/moved/");
        bucket.copy(bucket.head(home + "/d/a").orElseThrow(), home + "/moved/a", Condition.none());
        DirectoryMove move = new DirectoryMove(new Tree(bucket), background);
        move.finishBroken(Duration.ofSeconds(-5));
        StorageException late = new StorageException(Reason.IO, "the answer came too late");
        move.undo(new ArrayDeque<>(List.of(home + "/moved/a")), intent, late);
        assertEquals(List.of("moved"), files.names("/"));
        assertEquals("a", files.load("/moved/a"));
        assertEquals("b", files.load("/moved/b"));
    }

    @Test
    void aRenameThatAnotherNodeGoesOnWithIsNotUndone() throws Exception {
        put("d/a", "a");
        put("d/b", "b");
        Intent intent = Intent.begin(bucket, home + "/d/", home + "/moved/");
        bucket.copy(bucket.head(home + "/d/a").orElseThrow(), home + "/moved/a", Condition.none());
        intent.take(bucket);
        DirectoryMove move = new DirectoryMove(new Tree(bucket), background);
        move.undo(
                new ArrayDeque<>(List.of(home + "/moved/a")),
                intent,
                new StorageException(Reason.IO, "it came too late"));
        assertEquals("a", files.load("/moved/a"));
        refused(Reason.CHANGED, () -> intent.touch(bucket));
        move.finishBroken(Duration.ofSeconds(-5));
        assertEquals(List.of(), intents());
        assertEquals(List.of("moved"), files.names("/"));
        assertEquals("b", files.load("/moved/b"));
    }
}
