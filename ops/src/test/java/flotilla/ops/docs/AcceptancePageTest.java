package flotilla.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AcceptancePageTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/reference/acceptance.md");

    @Test
    void thePageIsThatOfTheTests() throws IOException {
        String expected = AcceptancePage.text(ROOT);
        if (Boolean.getBoolean("flotilla.write-docs")) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(
                expected,
                Files.exists(PAGE) ? Files.readString(PAGE) : "",
                "docs/reference/acceptance.md is out of date: CONTRIBUTING.md, Write the reference pages again");
    }
}
