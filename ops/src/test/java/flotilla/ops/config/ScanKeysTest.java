package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.scan.ScanSettings;
import flotilla.node.scan.ScanSettings.OnFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanKeysTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private ScanSettings load(String storage) throws ConfigException, IOException {
        Path file = Files.writeString(directory.resolve("flotilla.conf"), "flotilla.storage { " + storage + " }");
        return Configuration.load(Optional.of(file), Map.of(), List.of("flotilla.data-dir=" + directory))
                .node()
                .scan();
    }

    @Test
    @DisplayName("nothing is scanned unless a scanner is named")
    void off() throws Exception {
        assertEquals(Optional.empty(), load("").scanner());
        assertEquals(Optional.empty(), load("atomic = off").scanner());
    }

    @Test
    @DisplayName("the keys of a scanner are read")
    void read() throws Exception {
        ScanSettings settings = load("""
                stores.archive { type = local, root = /srv/archive }
                scan { clamd = "unix:/run/clamav/clamd.ctl", paths = [/in, "*.zip"], on-failure = quarantine,
                quarantine = "archive:/quarantine", max-bytes = 1g }""");
        assertEquals(
                "clamd at /run/clamav/clamd.ctl",
                settings.scanner().orElseThrow().toString());
        assertEquals(List.of("/in", "*.zip"), settings.paths());
        assertEquals(OnFailure.QUARANTINE, settings.onFailure());
        assertEquals(1L << 30, settings.maxBytes());
    }

    @Test
    @DisplayName("a quarantine that names no store lies in the default store, whatever its name")
    void quarantineInTheDefaultStore() throws Exception {
        String named = "stores.archive { type = local, root = /srv/archive }, default = archive, ";
        for (String place : List.of("/srv/quarantine", "quarantine", "local:/srv/quarantine")) {
            for (String store : List.of("", named)) {
                assertEquals(
                        place,
                        load(store + "scan.quarantine = \"" + place + "\"").quarantine());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scan.clamd = here|flotilla.storage.scan.clamd: must be host:port or unix:/path",
                "scan.icap = \"http://h/x\"|flotilla.storage.scan.icap: must be icap://host:port/service",
                "scan { clamd = \"h:1\", icap = \"icap://h/x\" }|cannot be set together with flotilla.storage.scan.clamd",
                "scan.on-failure = quarantine|flotilla.storage.scan.on-failure: is quarantine, and",
                "scan.quarantine = \"away:/q\"|names the store away, which is not in flotilla.storage.stores",
                "scan.paths = [relative]|needs paths that begin with / or *",
                "scan.paths = [\"*1*2*3*4*5\"]|at most 4 stars",
                "atomic = off, scan.clamd = \"h:1\"|where atomic is off: flotilla.storage.atomic",
                "atomic = Off, scan.clamd = \"h:1\"|where atomic is off: flotilla.storage.atomic",
                "stores.a { type = local, root = /a, atomic = off }, scan.icap = \"icap://h/x\"|flotilla.storage.stores.a.atomic"
            })
    @DisplayName("a mistake is named: an upload that is visible before its end cannot be scanned before it is visible")
    void mistakes(String storage, String problem) {
        ConfigException refused = assertThrows(ConfigException.class, () -> load(storage));
        assertTrue(refused.getMessage().contains(problem), refused::getMessage);
    }
}
