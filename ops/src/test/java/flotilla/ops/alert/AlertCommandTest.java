package flotilla.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator does with the alerts of a server. */
@Timeout(120)
class AlertCommandTest {
    @Test
    @DisplayName("an alert of sessions is logged, listed and resolved; each target can be tried")
    void listed() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                "flotilla.alerts.sessions.threshold=1",
                "flotilla.alerts.command.arguments=[\"/bin/sh\", \"-c\", \"exit 3\"]")) {
            Account account = server.newAccount();
            ClientTls tls = ClientTls.trusting(server.certificate());
            try (FtpDriver first = FtpDriver.loggedIn(server, tls, account);
                    FtpDriver second = FtpDriver.loggedIn(server, tls, account)) {
                Await.until("a firing alert", () -> server.errors().contains("alert firing=sessions level=1 value=2"));
                String listed = Command.run(server, "alert", "list").out();
                assertTrue(listed.contains("2 sessions in the cluster, more than 1"), listed);
                first.command("NOOP").expect(200);
                second.command("NOOP").expect(200);
            }
            Await.until("a resolved alert", () -> server.errors().contains("alert resolved=sessions"));
            Command.Result told = Command.run(server, "alert", "test", "log");
            assertEquals(0, told.exit(), told.err());
            assertTrue(server.errors().contains("alert firing=test"), server::errors);
            Command.Result failed = Command.run(server, "alert", "test", "command");
            assertEquals(1, failed.exit());
            assertTrue(failed.err().contains("command was not told: sh ended with 3"), failed.err());
            Command.Result unknown = Command.run(server, "alert", "test", "pager");
            assertEquals(6, unknown.exit());
            assertTrue(unknown.err().contains("there are: log, command"), unknown.err());
        }
    }
}
