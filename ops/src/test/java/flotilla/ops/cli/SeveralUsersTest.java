package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about several accounts, and homes of new ones. */
class SeveralUsersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    private Command.Result run(String... arguments) {
        return Command.run(work.resolve("data"), arguments);
    }

    @BeforeEach
    void users() {
        for (String name : new String[] {"alice", "bob", "carol"}) {
            assertEquals(0, run("user", "add", name).exit());
        }
    }

    private String list() {
        return run("user", "list").out();
    }

    @Test
    @DisplayName("several accounts are disabled, enabled and removed by one command; none when one is missing")
    void together() {
        assertEquals(0, run("user", "disable", "alice", "bob").exit());
        assertTrue(list().matches("(?s).*alice +disabled.*bob +disabled.*carol +enabled.*"), list());
        Command.Result missing = run("user", "enable", "alice", "nobody", "neither");
        assertEquals(1, missing.exit());
        assertTrue(missing.err().contains("no such user: nobody, neither"), missing.err());
        assertTrue(list().matches("(?s).*alice +disabled.*"), list());
        assertEquals(0, run("user", "enable", "alice", "bob", "alice").exit());
        assertTrue(list().matches("(?s).*alice +enabled.*bob +enabled.*"), list());
        assertEquals(1, run("user", "remove", "alice", "nobody").exit());
        assertTrue(list().contains("alice"), list());
        assertEquals(0, run("user", "remove", "alice", "carol").exit());
        assertFalse(list().contains("alice") || list().contains("carol"), list());
        assertTrue(list().contains("bob"), list());
    }

    @Test
    @DisplayName("--mkdir makes a home with the modes of the server, also outside of the storage root")
    void homes() throws Exception {
        Path outside = work.resolve("srv/drop");
        Command.Result made = run(
                "user", "add", "drop", "--mkdir", "--home", outside.toString(), "--allow", "/=write", "--umask", "007");
        assertEquals(0, made.exit(), made.err());
        assertTrue(made.out().contains("Home " + outside + " made."), made.out());
        assertEquals("rwxrwx---", PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)));
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(outside.getParent())));
        assertEquals(0, run("user", "add", "dave", "--mkdir").exit());
        assertTrue(Files.isDirectory(work.resolve("data/homes/dave")));
        Command.Result there = run("user", "add", "erin", "--mkdir", "--home", "dave");
        assertEquals(0, there.exit(), there.err());
        assertFalse(there.out().contains(" made."), there.out());
    }

    @Test
    @DisplayName("a home that cannot be made adds no account")
    void notMade() throws Exception {
        Path file = Files.writeString(work.resolve("file"), "");
        assertEquals(
                1,
                run(
                                "user",
                                "add",
                                "frank",
                                "--mkdir",
                                "--home",
                                file.resolve("home").toString())
                        .exit());
        assertFalse(list().contains("frank"), list());
    }
}
