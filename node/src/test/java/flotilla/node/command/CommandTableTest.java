package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandTableTest {
    private final CommandTable table = CommandTable.standard();

    private CommandSpec spec(String verb) {
        return table.call(Request.of(verb)).spec();
    }

    private static List<String> lines(CommandRig rig, String command) {
        return ((Outcome.Answered) rig.outcome(command)).reply().lines();
    }

    private static List<String> inner(List<String> lines) {
        return lines.subList(1, lines.size() - 1);
    }

    @Test
    void aVerbHasOneHandler() {
        assertThrows(
                IllegalArgumentException.class, () -> new CommandTable(List.of(new NoopCommand(), new NoopCommand())));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CommandTable(List.of(new CwdCommand(), new UnsupportedCommand("XCWD", "x"))));
    }

    @Test
    void verbsAreFoundInUpperCaseOnly() {
        assertEquals("RETR", spec("RETR").verb());
        assertEquals("", spec("retr").verb());
        assertEquals("", spec("").verb());
    }

    @Test
    void featHasEveryFeatureOfTheTable() {
        List<String> features = inner(lines(new CommandRig(), "FEAT"));
        for (CommandSpec spec : table.specs()) {
            assertTrue(features.containsAll(spec.features()), spec.verb());
        }
        List<String> expected = new ArrayList<>(
                table.specs().stream().flatMap(spec -> spec.features().stream()).toList());
        expected.addAll(List.of(
                "UTF8",
                "TVFS",
                "MLST type*;size*;modify*;perm*;unique*;UNIX.mode*;UNIX.owner*;UNIX.group*;",
                "HASH SHA-256*;SHA-512;SHA-1;MD5;CRC32;",
                "HOST"));
        assertEquals(expected, features);
    }

    @Test
    void featLeavesOutWhatIsOff() {
        CommandRig rig = new CommandRig();
        rig.policy = new Policy(false, false, false, false, false, false, true, Set.of(), 100, 3, false, Set.of());
        List<String> features = inner(lines(rig, "FEAT"));
        for (String off : List.of("AUTH TLS", "AUTH SSL", "PBSZ", "PROT", "EPRT", "HOST")) {
            assertFalse(features.contains(off), off);
        }
        assertTrue(features.contains("EPSV"));
    }

    @Test
    void featShowsWhatOptsChose() {
        CommandRig rig = new CommandRig();
        rig.run("OPTS MLST size;modify;");
        rig.run("OPTS HASH MD5");
        List<String> features = lines(rig, "FEAT");
        assertTrue(features.contains("MLST type;size*;modify*;perm;unique;UNIX.mode;UNIX.owner;UNIX.group;"));
        assertTrue(features.contains("HASH SHA-256;SHA-512;SHA-1;MD5*;CRC32;"));
    }

    @Test
    void helpHasEveryVerbThatDoesSomething() {
        List<String> shown = inner(lines(new CommandRig(), "HELP")).stream()
                .flatMap(line -> Arrays.stream(line.trim().split(" +")))
                .toList();
        assertEquals(HelpCommand.verbs(table.specs()), shown);
        assertFalse(shown.contains("MIC"));
        assertTrue(shown.contains("XPWD"));
    }

    @Test
    void helpKnowsTheSyntaxOfEachOfThem() {
        CommandRig rig = CommandRig.loggedIn();
        for (String verb : HelpCommand.verbs(table.specs())) {
            if (!verb.equals("SITE")) {
                CommandSpec spec = spec(verb);
                assertEquals(("214 Syntax: " + verb + " " + spec.syntax()).trim(), rig.run("HELP " + verb));
            }
        }
        assertTrue(rig.run("help site").startsWith("214 The following SITE"));
        assertTrue(rig.run("SITE HELP").contains("|WHO|HELP|CPFR pathname|CPTO pathname|"), rig.run("SITE HELP"));
        assertEquals("214 Syntax: SITE CPFR <SP> pathname", rig.run("HELP site cpfr"));
        assertEquals("501 No such command.", rig.run("HELP MIC"));
        assertEquals("501 No such command.", rig.run("HELP XYZZY"));
    }

    @Test
    void everySpecTellsWhereItIsSpecified() {
        for (CommandSpec spec : table.specs()) {
            assertFalse(spec.reference().isEmpty(), spec.verb());
            assertTrue(Reply.of(214, spec.syntax()).encode().length < 128, spec.verb());
        }
    }
}
