package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.ops.config.HomeCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The homes and certificates that {@code user add} and {@code user set} accept. */
class AccountChecksTest {
    private static final String HEX = "0123456789abcdef".repeat(4);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private int flotilla(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of(arguments));
        all.addAll(List.of("--set", "flotilla.data-dir=" + directory));
        return FlotillaCommand.run(all.toArray(String[]::new));
    }

    private User alice() {
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(directory))) {
            return store.find("alice").orElseThrow();
        }
    }

    @Test
    void nothingIsChangedByWhatCannotBeMeant() {
        assertEquals(0, flotilla("user", "add", "alice"));
        User before = alice();
        for (String home : List.of("/etc", "../../etc", "", "/", "/usr/share", "a/../../b", directory.toString())) {
            assertEquals(1, flotilla("user", "set", "alice", "--home", home), home);
        }
        for (String certificate : List.of("12:34", "", "sha256:12", "alice", "sha256:" + HEX + "00")) {
            assertEquals(1, flotilla("user", "set", "alice", "--certificate", certificate), certificate);
        }
        assertEquals(1, flotilla("user", "add", "bob", "--home", "/etc"));
        assertEquals(before, alice());
    }

    @Test
    void certificatesAreKeptAsTheyAreCompared() {
        assertEquals(0, flotilla("user", "add", "alice", "--home", "a/./b"));
        String colons = HEX.toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
        assertEquals(
                0,
                flotilla(
                        "user",
                        "set",
                        "alice",
                        "--certificate",
                        "SHA256:" + colons,
                        "--certificate",
                        "CN=alice, O=Example"));
        assertEquals(List.of("sha256:" + HEX, "CN=alice,O=Example"), alice().certificates());
        assertEquals(0, flotilla("user", "set", "alice", "--certificate", "none"));
        assertEquals(List.of(), alice().certificates());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/ftp/alice", "/home/alice", "/var/ftp"})
    void anotherPlaceIsTakenAndTold(String home) {
        assertTrue(check().note(home).orElseThrow().contains(home));
    }

    @Test
    void whatIsBelowTheStorageRootIsTaken() {
        assertEquals(Optional.empty(), check().note("alice"));
        assertEquals(Optional.empty(), check().note("/data/homes/alice"));
        assertThrows(IllegalStateException.class, () -> check().note("/data"));
        assertThrows(IllegalStateException.class, () -> check().note("/data/tls"));
    }

    @Test
    void anotherDefaultStoreKnowsItsOwnPlaces() {
        HomeCheck check = new HomeCheck(Path.of("/data/homes"), Path.of("/data"), "objects", List.of("objects"), "");
        assertEquals(Optional.empty(), check.note("/etc/alice"));
        assertThrows(IllegalStateException.class, () -> check.note("archive:/alice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"quarantine", "/data/homes/quarantine/below", "/data/homes", "local:/data/homes/quarantine"})
    void noHomeMeetsTheQuarantine(String home) {
        HomeCheck check = new HomeCheck(Path.of("/data/homes"), Path.of("/data"), "", List.of("archive"), "quarantine");
        assertThrows(IllegalStateException.class, () -> check.note(home));
        assertEquals(Optional.empty(), check.note("quarantine2"));
        assertEquals(Optional.empty(), check.note("archive:/quarantine"));
    }

    @Test
    void noHomeMeetsTheQuarantineInAStoreWithAName() {
        HomeCheck check = new HomeCheck(
                Path.of("/data/homes"), Path.of("/data"), "archive", List.of("archive"), "archive:/kept/bad");
        for (String home : List.of("archive:/kept", "kept/bad", "/kept/bad/x", "archive:/")) {
            assertThrows(IllegalStateException.class, () -> check.note(home), home);
        }
        assertEquals(Optional.empty(), check.note("archive:/kept/good"));
    }

    private static HomeCheck check() {
        return new HomeCheck(Path.of("/data/homes"), Path.of("/data"), "", List.of("archive"), "");
    }
}
