package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LIST in a time zone. */
@WithServer("flotilla.protocol.list-time-zone=America/New_York")
class ListTimeZoneTest extends CurlClient {
    @Test
    @DisplayName("curl: LIST and STAT show the time of New York, MLSD and MDTM that of UTC")
    void times() throws Exception {
        write("f", TEN);
        Files.setLastModifiedTime(file("f"), FileTime.from(Instant.parse("2001-01-01T03:00:00Z")));
        assertTrue(curl(explicitUrl("")).run().ok().output().contains(" Dec 31  2000 f"), "the year that New York has");
        assertTrue(curl("-X", "MLSD", explicitUrl("")).run().ok().output().contains("20010101030000"));
        curl("-v", "-Q", "STAT f", "-Q", "MDTM f", "-l", explicitUrl(""))
                .run()
                .ok()
                .containing(" Dec 31  2000 f")
                .containing("213 20010101030000");
    }

    @ParameterizedTest
    @CsvSource({
        "europe/berlin, 'did you mean Europe/Berlin?'",
        "Europe/Berln, 'did you mean Europe/Berlin?'",
        "Nowhere, 'must be UTC, system or a time zone such as Europe/Berlin, not Nowhere'"
    })
    @DisplayName("an unknown time zone is refused, with the one that was meant")
    void unknown(String zone, String told) {
        Command.Result checked = Command.run("check", "--set", "flotilla.protocol.list-time-zone=" + zone);
        assertEquals(78, checked.exit());
        assertTrue(checked.err().contains(told), checked.err());
        assertEquals(
                0,
                Command.run("check", "--set", "flotilla.protocol.list-time-zone=system")
                        .exit());
    }
}
