package flotilla.node.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.node.auth.Authenticators;
import flotilla.node.command.CommandTable;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Exchanged;
import flotilla.node.event.NodeEvent.TreeChanged;
import flotilla.node.fixture.Users;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The events that the trace and the log of changes get. */
class CommandLogTest {
    private final CommandTable table = CommandTable.standard();
    private final SessionState state = state();

    private static SessionState state() {
        SessionState fresh = SessionState.connected(SessionRig.link(), Security.CLEAR);
        return fresh.withLogin(fresh.login().as(Users.user().make(), Authenticators.ACCOUNTS))
                .withDirectory(path("/d"));
    }

    private static VirtualPath path(String text) {
        try {
            return VirtualPath.of(text);
        } catch (StorageException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<NodeEvent> told(SessionState before, String line) {
        List<NodeEvent> told = new ArrayList<>();
        CommandLog log = new CommandLog(new EventSink() {
            @Override
            public void accept(NodeEvent event) {
                told.add(event);
            }

            @Override
            public boolean traces(String user, String address, String session) {
                return true;
            }
        });
        log.begun(before);
        log.answered(
                before,
                table.call(Request.parse(line.getBytes(UTF_8)).request().orElseThrow()),
                Reply.of(250, "Done."));
        return told;
    }

    private Optional<TreeChanged> change(SessionState before, String line) {
        return told(before, line).stream()
                .filter(TreeChanged.class::isInstance)
                .map(TreeChanged.class::cast)
                .findFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "DELE f, DELE, DELETE, /d/f",
        "MKD ../e, MKD, MKDIR, /e",
        "XMKD e, XMKD, MKDIR, /d/e",
        "XRMD e, XRMD, RMDIR, /d/e",
        "RNTO g, RNTO, RENAME, /d/g",
        "MFMT 20200102030405 f, MFMT, MODIFY, 20200102030405 f",
        "MFF UNIX.mode=600; f, MFF, MODIFY, UNIX.mode=600; f",
        "MDTM 20200102030405 f, MDTM, MODIFY, 20200102030405 f",
        "SITE CHMOD 600 f, SITE, SITE, CHMOD 600 f"
    })
    void aChangeIsLogged(String line, String verb, String operation, String path) {
        TreeChanged changed = change(state, line).orElseThrow();
        assertEquals(verb, changed.verb());
        assertEquals(operation, changed.operation());
        assertEquals(path, changed.path());
    }

    @Test
    void aRenameAndACopyAreLoggedWithTheirSource() {
        SessionState named = state.withRename(Optional.of(new RenameSource(path("/d/f"), "1")));
        assertEquals(Optional.of("/d/f"), change(named, "RNTO g").orElseThrow().source());
        TreeChanged copied = change(named, "SITE CPTO ../g").orElseThrow();
        assertEquals("SITE CPTO COPY /g", copied.verb() + " " + copied.operation() + " " + copied.path());
        assertEquals(Optional.of("/d/f"), copied.source());
        assertEquals(Optional.empty(), change(named, "DELE g").orElseThrow().source());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MDTM f",
                "SITE WHO",
                "SITE HELP",
                "SITE EXEC f",
                "RNFR f",
                "SITE CPFR f",
                "STOR f",
                "CWD f",
                "XYZZY f"
            })
    void whatChangesNothingIsNoChange(String line) {
        assertEquals(Optional.empty(), change(state, line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PASS s3cret", "ACCT s3cret", "SITE PSWD old s3cret", "site  pswd s3cret"})
    void noLogShowsASecret(String line) {
        List<NodeEvent> told = told(state, line);
        assertEquals(1, told.stream().filter(Exchanged.class::isInstance).count());
        for (NodeEvent event : told) {
            assertFalse(event.toString().contains("s3cret"), event.toString());
        }
    }
}
