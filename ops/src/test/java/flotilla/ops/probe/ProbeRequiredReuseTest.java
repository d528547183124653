package flotilla.ops.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@WithServer("flotilla.tls.data-session-reuse=require")
class ProbeRequiredReuseTest {
    @Test
    @DisplayName("probe says that data connections must resume the TLS session, and that those which do so work")
    void required(ServerProcess server) {
        Account account = server.newAccount();
        Command.Result result = Command.withInput(
                account.password() + "\n",
                "probe",
                "127.0.0.1",
                "--port=" + server.explicitPort(),
                "--implicit-port=0",
                "--user=" + account.name(),
                "--password-stdin",
                "--ca=" + server.certificate());
        assertEquals(0, result.exit(), result.out() + result.err());
        assertTrue(
                result.out().matches("(?s).*ok    reuse 1.2     Resumed, and required: without it, 522.*"),
                result.out());
        assertTrue(
                result.out().matches("(?s).*ok    reuse 1.3     Resumed, and required: without it, 522.*"),
                result.out());
    }

    @Test
    @DisplayName("probe says that an account may not write")
    void readOnly(ServerProcess server) throws Exception {
        Account account = server.newAccount();
        Path home = account.home();
        assertTrue(Files.isDirectory(home));
        assertEquals(
                0,
                Command.run(server, "user", "set", account.name(), "--read-only")
                        .exit());
        Command.Result result = Command.withInput(
                account.password() + "\n",
                "probe",
                "127.0.0.1",
                "--port=" + server.explicitPort(),
                "--implicit-port=0",
                "--user=" + account.name(),
                "--password-stdin");
        assertEquals(1, result.exit(), result.out() + result.err());
        assertTrue(result.out().contains("FAIL  upload        The server answers 550"), result.out());
    }
}
