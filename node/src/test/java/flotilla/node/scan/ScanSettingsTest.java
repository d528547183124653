package flotilla.node.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.node.scan.ScanSettings.OnFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScanSettingsTest {
    private static boolean covers(List<String> paths, String path) {
        return new ScanSettings(
                        Optional.of(ScannerPlace.clamd("h:1")),
                        paths,
                        0,
                        Duration.ofSeconds(1),
                        OnFailure.REFUSE,
                        1,
                        "",
                        1,
                        1)
                .covers(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/in, /in/a, true",
        "/in/, /in/a/b, true",
        "/in, /in, true",
        "/in, /inn, false",
        "/in, /a/in/b, false",
        "*.zip, /a/b.zip, true",
        "*.zip, /a/b.zip/c, false",
        "/in/*.doc?, /in/x/y.docx, true",
        "/, /a, true",
        "*.zip, /a/B.ZIP, true",
        "/In, /in/a, true",
        "/\u00e4, /a\u0308/f, true",
        "/a\u0308, /\u00e4/f, true",
        "/\u00c4*, /a\u0308/f, true"
    })
    void pathsAreTreesOrGlobs(String pattern, String path, boolean covered) {
        assertEquals(covered, covers(List.of(pattern), path));
    }

    @Test
    void noPathsMeanAllAndNoScannerMeansNone() {
        assertEquals(true, covers(List.of(), "/a"));
        assertEquals(false, ScanSettings.OFF.covers("/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h", "h:0", "h:65536", "unix:relative", "icap://h/x", "h:1\n", ":1", "h h:1"})
    void placesOfClamdAreChecked(String text) {
        assertThrows(IllegalArgumentException.class, () -> ScannerPlace.clamd(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h:1", "icap://h", "icap://h/", "icap://h:0/x", "icap://h/x\r\ny", "icaps://h/x", "icap://h/ x"})
    void urlsOfIcapAreChecked(String text) {
        assertThrows(IllegalArgumentException.class, () -> ScannerPlace.icap(text));
    }

    @Test
    void placesAreRead() {
        assertEquals(new ScannerPlace.Clamd("::1", 3310, ""), ScannerPlace.clamd("[::1]:3310"));
        assertEquals(new ScannerPlace.Clamd("", 0, "/run/c.ctl"), ScannerPlace.clamd("unix:/run/c.ctl"));
        assertEquals(
                new ScannerPlace.Icap("av.example", 1344, "icap://av.example/s?x=1"),
                ScannerPlace.icap("icap://av.example/s?x=1"));
    }
}
