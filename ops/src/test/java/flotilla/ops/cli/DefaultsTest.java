package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.config.AdminSettings;
import flotilla.ops.config.Configuration;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The behaviour of a server with default settings. */
@Timeout(120)
class DefaultsTest {
    private static int adminPort(ServerProcess server) throws IOException {
        Path file = server.dataDirectory().resolve("run").resolve("admin");
        return URI.create(Files.readAllLines(file).get(0)).getPort();
    }

    @Test
    void theNativeLogGoesToStandardErrorAndTheAdminApiIsWhereItAlwaysIs() throws Exception {
        Configuration defaults = Configuration.load(Optional.empty(), Map.of(), List.of());
        assertEquals("stderr", defaults.log().nativeLog());
        assertEquals(AdminSettings.USUAL_PORT, defaults.admin().port());
        try (ServerSocket taken = new ServerSocket(AdminSettings.USUAL_PORT, 1, InetAddress.getLoopbackAddress());
                ServerProcess server = ServerProcess.start(
                        "flotilla.admin.port=" + AdminSettings.USUAL_PORT,
                        "flotilla.log.native=" + defaults.log().nativeLog())) {
            assertNotEquals(taken.getLocalPort(), adminPort(server));
            assertTrue(server.errors().contains("port " + AdminSettings.USUAL_PORT + " is taken"), server.errors());
        }
        try (ServerProcess server = ServerProcess.start(
                "flotilla.admin.port=" + AdminSettings.USUAL_PORT,
                "flotilla.log.native=" + defaults.log().nativeLog())) {
            assertEquals(AdminSettings.USUAL_PORT, adminPort(server));
            Account account = server.newAccount();
            FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
            Await.until("a line of the log", () -> server.errors().contains("OK LOGIN"));
            ftp.close();
        }
    }
}
