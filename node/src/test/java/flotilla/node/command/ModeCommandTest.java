package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.auth.Authenticators;
import flotilla.node.command.Policy.OptIn;
import flotilla.node.fixture.PlainServices;
import flotilla.node.fixture.Users;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MODE Z (draft-preston-ftpext-deflate): who gets it, and its options. */
class ModeCommandTest {
    private final CommandRig rig = allowed(CommandRig.loggedIn().withTls());

    private static CommandRig allowed(CommandRig rig) {
        rig.policy = CommandRig.POLICY.allowing(OptIn.MODE_Z);
        return rig;
    }

    private static void isNotOffered(CommandRig other) {
        assertEquals("504 Mode not implemented.", other.run("MODE Z"));
        assertEquals("501 No options for that.", other.run("OPTS MODE Z LEVEL 9"));
        assertFalse(other.run("FEAT").contains("MODE Z"));
    }

    @Test
    void itIsForUsersUnderTlsWhereItIsAllowed() {
        isNotOffered(CommandRig.loggedIn().withTls());
        CommandRig clear = allowed(CommandRig.loggedIn());
        assertEquals("504 Mode not implemented.", clear.run("MODE Z"));
        assertTrue(clear.run("FEAT").contains("|MODE Z|"), "lftp asks before AUTH TLS, and not again");
        CommandRig guest = allowed(CommandRig.loggedIn().withTls());
        guest.state = guest.state.withLogin(guest.state.login().as(Users.user().make(), Authenticators.ANONYMOUS));
        isNotOffered(guest);
        assertTrue(rig.run("FEAT").contains("|MODE Z|"), () -> rig.run("FEAT"));
        assertEquals("200 Mode is deflate.", rig.run("MODE z"));
        assertTrue(rig.run("STAT").contains("MODE: Deflate"));
    }

    @Test
    void itNeedsProtectedDataConnections() {
        rig.withEndpoint().run("MODE Z");
        assertEquals("522 MODE Z needs PROT P: send PROT P or MODE S.", rig.run("RETR f"));
        rig.run("PBSZ 0");
        rig.run("PROT P");
        assertTrue(rig.run("RETR f").startsWith("150 "));
        rig.run("PROT C");
        assertEquals("522 MODE Z needs PROT P: send PROT P or MODE S.", rig.run("LIST"));
        rig.run("MODE S");
        assertTrue(rig.run("LIST").startsWith("150 "));
    }

    @Test
    void itIsNotPossibleWhileANodeMayNotKnowIt() {
        PlainServices services = new PlainServices();
        rig.services = services;
        rig.withEndpoint().run("MODE Z");
        rig.run("PBSZ 0");
        rig.run("PROT P");
        assertTrue(rig.run("RETR f").startsWith("150 "));
        services.oneRelease = false;
        assertTrue(rig.run("RETR f").startsWith("522 "));
        isNotOffered(rig);
        rig.run("MODE S");
        assertTrue(rig.run("RETR f").startsWith("150 "));
    }

    @Test
    void anotherUserDoesNotInheritIt() {
        rig.withEndpoint().run("MODE Z");
        rig.run("PBSZ 0");
        rig.run("PROT P");
        rig.state = rig.state.withLogin(rig.state.login().as(Users.user().make(), Authenticators.ANONYMOUS));
        assertTrue(rig.run("RETR f").startsWith("522 "));
    }

    @Test
    void restCountsBytesOfTheFile() {
        rig.withEndpoint().run("MODE Z");
        rig.run("PBSZ 0");
        rig.run("PROT P");
        rig.run("REST 5");
        assertTrue(rig.run("RETR f").startsWith("150 "));
        rig.run("REST 6");
        assertEquals("554 The file ends before that offset.", rig.run("RETR f"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPTS MODE Z LEVEL 1|200 MODE Z ENGINE ZLIB LEVEL 1.|1",
                "OPTS mode z level 9|200 MODE Z ENGINE ZLIB LEVEL 9.|9",
                "OPTS MODE Z ENGINE ZLIB|200 MODE Z ENGINE ZLIB LEVEL 3.|3",
                "OPTS MODE Z METHOD 8|200 MODE Z ENGINE ZLIB LEVEL 3.|3",
                "OPTS MODE Z|200 MODE Z ENGINE ZLIB LEVEL 6.|6",
                "OPTS MODE Z LEVEL 0|501 No options for that.|3",
                "OPTS MODE Z LEVEL 10|501 No options for that.|3",
                "OPTS MODE Z LEVEL|501 No options for that.|3",
                "OPTS MODE Z ENGINE LZMA|501 No options for that.|3",
                "OPTS MODE S LEVEL 3|501 No options for that.|3",
                "OPTS MODE|501 No options for that.|3"
            })
    void optsChoosesTheLevel(String line, String reply, int level) {
        rig.run("OPTS MODE Z LEVEL 3");
        assertEquals(reply, rig.run(line));
        assertEquals(0, rig.state.parameters().compression().orderedLevel(), "MODE S has no level");
        rig.run("MODE Z");
        assertEquals(level, rig.state.parameters().compression().orderedLevel());
    }
}
