package flotilla.node.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.Users;
import flotilla.node.state.ShownMessages;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The text of a directory in the reply to CWD. */
class DirectoryMessageTest {
    private final CommandRig rig = showing(CommandRig.loggedIn());

    private static CommandRig showing(CommandRig rig) {
        rig.policy = CommandRig.POLICY.showing(".message");
        return rig;
    }

    private String wire(String line) {
        Outcome.Answered answered = (Outcome.Answered) rig.outcome(line);
        return new String(answered.reply().encode(), UTF_8);
    }

    private void message(String text) {
        MemoryBackends.store(rig.storage, "/d/.message", text);
    }

    @Test
    void eachLineHasTheCode() {
        message("Welcome\n\n\tto d\r\n");
        assertEquals("250-Welcome\r\n250-\r\n250-    to d\r\n250 Directory changed.\r\n", wire("CWD d"));
        assertEquals("250 Directory changed.\r\n", wire("CDUP"));
    }

    @Test
    void aTextCannotForgeAReply() {
        message("250 Directory changed.\r\n226 Done\r331 Password?\u0000\u001b[2J\u0085\u00ff\n");
        assertEquals(
                "250-250 Directory changed.\r\n250-226 Done\r\n250-331 Password???[2J?\u00ff\r\n"
                        + "250 Directory changed.\r\n",
                wire("CWD d"));
    }

    @Test
    void itIsShownOnceForADirectoryUntilTheUserLogsInAgain() {
        message("hello");
        assertTrue(wire("CWD d").startsWith("250-hello"));
        rig.run("CDUP");
        assertEquals("250 Directory changed.", rig.run("CWD /d"));
        rig.state = rig.state.withMessages(ShownMessages.NONE);
        assertEquals("250 hello|Directory changed.", rig.run("CWD /d/."));
    }

    @Test
    void aSessionRemembersSoManyDirectories() {
        for (int i = 0; i <= ShownMessages.MOST; i++) {
            rig.run("MKD m" + i);
            MemoryBackends.store(rig.storage, "/m" + i + "/.message", "x");
            rig.run("CWD /m" + i);
            rig.run("CWD /");
        }
        assertEquals(ShownMessages.MOST, rig.state.messages().directories().size());
        assertEquals("250 Directory changed.", rig.run("CWD /m1"));
        assertEquals("250 x|Directory changed.", rig.run("CWD /m0"));
    }

    @Test
    void aLongTextEndsWithItsLastWholeLineWithinTheLimits() {
        String line = "x".repeat(99) + "\n";
        message(line.repeat(41));
        assertEquals(40, wire("CWD d").split("250-", -1).length - 1);
        rig.state = rig.state.withMessages(ShownMessages.NONE);
        message("y\n".repeat(DirectoryMessage.MAX_LINES + 1));
        assertEquals(DirectoryMessage.MAX_LINES, wire("CWD /d").split("250-", -1).length - 1);
        rig.state = rig.state.withMessages(ShownMessages.NONE);
        message("z".repeat(DirectoryMessage.MAX_BYTES + 1));
        assertEquals("250 Directory changed.", rig.run("CWD /d"));
    }

    @Test
    void withoutAFileOrThePermissionToReadItThereIsNoText() {
        assertEquals("250 Directory changed.", rig.run("CWD d"));
        CommandRig dropBox = showing(CommandRig.loggedIn(Users.user()
                .rules(new PathRule("/", EnumSet.of(Permission.LIST, Permission.WRITE)))
                .make()));
        MemoryBackends.store(dropBox.storage, "/d/.message", "secret");
        assertEquals("250 Directory changed.", dropBox.run("CWD d"));
        message("off");
        rig.policy = CommandRig.POLICY;
        assertEquals("250 Directory changed.", rig.run("CWD /d"));
        assertEquals(List.of(), rig.state.messages().directories());
    }
}
