package flotilla.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GuideRowsPageTest {
    private static final Path PAGE = Page.ROOT.resolve("docs/reference/guide-rows.md");

    private static String rows() throws IOException {
        try (var in = GuideRowsPageTest.class.getResourceAsStream("/guide-rows.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    @DisplayName("the page has every row of the guide, each with tests that are there")
    void written() throws IOException {
        String expected = new GuideRowsPage(Page.ROOT).text(rows());
        if (Boolean.getBoolean("flotilla.write-docs")) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(
                expected,
                Files.exists(PAGE) ? Files.readString(PAGE) : "",
                "docs/reference/guide-rows.md is out of date: CONTRIBUTING.md, Write the reference pages again");
    }

    @Test
    @DisplayName("a row that is missing, that names no test, or a test or check that is not there, is refused")
    void refused() throws IOException {
        GuideRowsPage page = new GuideRowsPage(Page.ROOT);
        String rows = rows();
        String first = "\nshown: GuideRowsPageTest.refused\n";
        String changed = rows.replaceFirst("\nshown: [^\n]*\n( [^\n]*\n)*", first);
        assertTrue(page.text(changed).contains("is refused (`GuideRowsPageTest`)"));
        for (String wrong : new String[] {
            rows.substring(0, rows.lastIndexOf("\n\n")),
            rows.replace("\n2\n", "\n3\n"),
            changed.replace(first, "\n"),
            changed.replace(first, "\nshown: \n"),
            changed.replace("GuideRowsPageTest.refused", "GuideRowsPageTest.rows"),
            changed.replace("GuideRowsPageTest.refused", "NoTest.refused"),
            changed.replace("GuideRowsPageTest.refused", "verify-cluster nothing")
        }) {
            assertThrows(IllegalStateException.class, () -> page.text(wrong));
        }
    }
}
