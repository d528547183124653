package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The text of a directory, as curl shows it. */
@WithServer("flotilla.protocol.directory-message=.message")
class DirectoryMessageCurlTest extends CurlClient {
    @Test
    @DisplayName("curl shows the text of each directory once, and goes on")
    void shown() throws Exception {
        Files.createDirectories(file("pub/in"));
        Files.writeString(file("pub/.message"), "Files are kept for a week.\n226 forged\n");
        Files.writeString(file("pub/in/.message"), "Send here.");
        write("pub/in/f", TEN);
        Program.Result got = curl("-v", "-Q", "CWD pub", "-Q", "CWD /", "-o", "got", explicitUrl("pub/in/f"))
                .run()
                .ok();
        String replies = got.output();
        assertTrue(
                replies.contains("< 250-Files are kept for a week.") && replies.contains("< 250-226 forged"), replies);
        assertTrue(replies.contains("< 250-Send here."), replies);
        assertEquals(replies.indexOf("a week."), replies.lastIndexOf("a week."));
        assertEquals(10, Files.size(local("got")));
    }

    @Test
    @DisplayName("a message that is no name of a file is refused")
    void names() {
        for (String name : new String[] {"a/b", "..", ".", "/x"}) {
            Command.Result checked = Command.run("check", "--set", "flotilla.protocol.directory-message=" + name);
            assertEquals(78, checked.exit(), name);
            assertTrue(checked.err().contains("flotilla.protocol.directory-message"), checked.err());
            assertFalse(checked.err().contains("Exception"));
        }
    }
}
