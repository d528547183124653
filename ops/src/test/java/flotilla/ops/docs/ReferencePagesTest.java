package flotilla.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.cli.FlotillaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The pages of the command line and of the configuration are those that their generators write. */
class ReferencePagesTest {
    private static final Path REFERENCE = Page.ROOT.resolve("docs/reference");

    private static void check(String name, UnaryOperator<String> generator) throws IOException {
        Path file = REFERENCE.resolve(name);
        String expected = generator.apply(Files.readString(file));
        if (Boolean.getBoolean("flotilla.write-docs")) {
            Files.writeString(file, expected);
        }
        assertSame("docs/reference/" + name, expected.lines().toList(), Files.readAllLines(file));
    }

    /** Names the first line that differs, because a page has hundreds. */
    private static void assertSame(String name, List<String> expected, List<String> lines) {
        String remedy = " is out of date: \"Write the reference pages again\" in CONTRIBUTING.md";
        for (int i = 0; i < Math.min(expected.size(), lines.size()); i++) {
            assertEquals(expected.get(i), lines.get(i), name + ":" + (i + 1) + remedy);
        }
        assertEquals(expected.size(), lines.size(), name + remedy);
    }

    @Test
    @DisplayName("the page of the configuration is what reference.conf says")
    void configuration() throws IOException {
        check("configuration.md", ConfigurationPage::written);
    }

    @Test
    @DisplayName("the page of the command line is what the commands say of themselves")
    void commands() throws IOException {
        check("cli.md", CommandsPage::written);
    }

    @Test
    @DisplayName("the tables of the admin API are what its description says")
    void api() throws IOException {
        check("api.md", ApiPage::written);
    }

    @Test
    @DisplayName("the help of every command shows its examples")
    void help() {
        for (CommandLine line : CommandsPage.leaves(FlotillaCommand.parser()).toList()) {
            String help = line.getUsageMessage(Ansi.OFF);
            String example = "  " + line.getCommandSpec().qualifiedName();
            assertTrue(help.matches("(?s).*\nExamples?:\n(  .*\n)*" + example + "[ \n].*"), help);
        }
    }

    @Test
    @DisplayName("prose stays, and a page that lacks a part or has another one is refused")
    void parts() {
        String page = "# A\n<!-- generated: x -->\nold\n<!-- end -->\nprose\n";
        assertEquals(
                "# A\n<!-- generated: x -->\n\nnew x\n\n<!-- end -->\nprose\n",
                MarkedParts.written(page, name -> "new " + name + "\n"));
        assertEquals(List.of("x"), MarkedParts.names(page));
        assertThrows(IllegalStateException.class, () -> ConfigurationPage.written(page));
        assertThrows(IllegalStateException.class, () -> CommandsPage.written(page));
        assertThrows(IllegalStateException.class, () -> ApiPage.written(page));
    }
}
