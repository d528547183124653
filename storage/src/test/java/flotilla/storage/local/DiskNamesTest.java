package flotilla.storage.local;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that a user of the shell chose, of bytes that FTP cannot carry. */
class DiskNamesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    private StorageActions files;

    @BeforeEach
    void open() throws Exception {
        files = new StorageActions(
                LocalStorage.open(root, LocalOptions.defaults().withFollowLinks(true)));
    }

    @AfterEach
    void close() {
        files.storage().close();
    }

    /** Returns a path below the root. Its bytes are given as in a URI. */
    private Path raw(String name) {
        return Path.of(URI.create("file://" + root.toUri().getRawPath() + name));
    }

    private String only(String directory) throws Exception {
        List<String> names = files.names(directory);
        assertEquals(1, names.size(), names::toString);
        return names.get(0);
    }

    @Test
    void aNameThatIsShownReachesItsFile() throws Exception {
        for (String name : List.of("bad%FF%FE.txt", "lone%E4", "line%0D%0Aend", "%25xFF", "%C2%85", "%EF%BF%BD%FF")) {
            Files.writeString(raw(name), name);
            String shown = "/" + only("/");
            assertEquals(name, files.load(shown));
            assertEquals(name.length(), files.stat(shown).size());
            assertEquals(shown.substring(1), files.stat(shown).name());
            files.store(shown, "+", WriteMode.APPEND);
            assertEquals(name + "+", Files.readString(raw(name)));
            files.store(shown, "new");
            assertEquals("new", Files.readString(raw(name)));
            files.storage().change(path(shown), AttributeChange.modified(1_000_000));
            files.rename(shown, "/plain", false);
            assertEquals("new", Files.readString(root.resolve("plain")));
            files.rename("/plain", "/again", false);
            Files.move(root.resolve("again"), raw(name));
            files.delete(shown);
            assertEquals(List.of(), files.names("/"));
        }
    }

    @Test
    void namesThatLookAlikeAreTold() throws Exception {
        for (String name : List.of("%FF", "%FE", "%EF%BF%BD", "%25xFF", "%25xFE")) {
            Files.writeString(raw(name), name);
        }
        assertEquals(List.of("%x25xFE", "%x25xFF", "\ufffd", "%xFE", "%xFF"), files.names("/"));
        for (String shown : files.names("/")) {
            String inUri = shown.startsWith("%x25") ? "%25" + shown.substring(4) : shown.replace("%x", "%");
            assertEquals(inUri.equals("\ufffd") ? "%EF%BF%BD" : inUri, files.load("/" + shown));
        }
        assertNotEquals(files.storage().lockName(path("/%xFF")), files.storage().lockName(path("/%xFE")));
    }

    @Test
    void aDirectoryOfSuchANameCanBeUsedAndEmptied() throws Exception {
        Files.createDirectory(raw("d%E9"));
        Files.createDirectory(raw("d%E9/%0A"));
        Files.writeString(raw("d%E9/%0A/%FF"), "deep");
        assertEquals("deep", files.load("/d%xE9/%x0A/%xFF"));
        files.store("/d%xE9/plain", "x");
        Files.createSymbolicLink(
                root.resolve("link"), raw("d%E9/%0A").getFileName().resolve("%"));
        Files.delete(root.resolve("link"));
        Files.createSymbolicLink(root.resolve("link"), root.relativize(raw("d%E9/%0A")));
        assertEquals("deep", files.load("/link/%xFF"));
        files.delete("/link");
        files.delete("/d%xE9/%x0A/%xFF");
        files.rmdir("/d%xE9/%x0A");
        files.delete("/d%xE9/plain");
        files.rmdir("/d%xE9");
        assertEquals(List.of(), files.names("/"));
    }

    @Test
    void nothingNewGetsSuchAName() throws Exception {
        files.store("/f", "x");
        for (String name : List.of("/%xFF", "/a%x0Ab", "/%x25xFF")) {
            refused(Reason.INVALID_NAME, () -> files.store(name, "x"));
            refused(Reason.INVALID_NAME, () -> files.store(name, "x", WriteMode.APPEND));
            refused(Reason.INVALID_NAME, () -> files.store(name, "x", WriteMode.CREATE_NEW));
            refused(Reason.INVALID_NAME, () -> files.mkdir(name));
            refused(Reason.INVALID_NAME, () -> files.rename("/f", name, true));
            refused(Reason.NOT_FOUND, () -> files.stat(name));
        }
        assertEquals(List.of("f"), files.names("/"));
        files.store("/100%x", "percent");
        files.store("/%41%x41", "percent");
        assertEquals(List.of("%41%x41", "100%x", "f"), files.names("/"));
        assertArrayEquals(new String[] {"%41%x41"}, new File(root.toString()).list((in, name) -> name.startsWith("%")));
    }

    @Test
    void brokenUploadsOfNamesThatLookAlikeAreKeptApart() throws Exception {
        Files.writeString(raw("%FF"), "");
        Files.writeString(raw("%FE"), "");
        files.fail("/%xFF", "half", WriteMode.REPLACE, Remains.KEEP);
        files.store("/%xFE", "other");
        files.store("/%xFF", "whole", WriteMode.resumeAt(2));
        assertEquals("hawhole", Files.readString(raw("%FF")));
        assertEquals("other", Files.readString(raw("%FE")));
    }
}
