package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProtocolPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "protocol.md");

    @Test
    void theDocumentedCommandsAreThoseOfTheTable() throws IOException {
        String expected = ProtocolPage.text(CommandTable.standard());
        if (Boolean.getBoolean("flotilla.write-docs")) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(
                expected,
                Files.exists(PAGE) ? Files.readString(PAGE) : "",
                "docs/reference/protocol.md is out of date: CONTRIBUTING.md, Write the reference pages again");
    }
}
