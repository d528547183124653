package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.ExtensionJar;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.hook.EventHookProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HookTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @DisplayName(
            "one jar on the class path is told of logins, transfers and renames, and of the end; metrics count its events")
    void hook() throws Exception {
        Path jar = ExtensionJar.of(directory, "extension/FileHooks.java.txt", EventHookProvider.class.getName());
        Path told = directory.resolve("told");
        try (ServerProcess server = ServerProcess.start(
                "classpath:" + jar,
                "flotilla.hooks.named.audit.type=file",
                "flotilla.hooks.named.audit.file=" + told)) {
            Account account = server.newAccount();
            try (FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account)) {
                ftp.store("STOR f", new byte[5]).expect(226);
                ftp.command("RNFR f").expect(350);
                ftp.command("RNTO g").expect(250);
                ftp.command("QUIT").expect(221);
            }
            Await.until("the hook was told of the end", () -> text(told).contains("Disconnected["));
            String all = text(told);
            assertTrue(all.contains("LoggedIn["), all);
            assertTrue(all.contains("TransferFinished["), all);
            assertTrue(
                    all.lines()
                            .anyMatch(line -> line.startsWith("TreeChanged[")
                                    && line.contains("path=/g")
                                    && line.contains("[/f]")),
                    all);
            assertFalse(all.contains(ServerProcess.PASSWORD));
            assertTrue(
                    Api.local(server)
                            .call("GET", "/metrics", "")
                            .text()
                            .lines()
                            .anyMatch(line ->
                                    line.startsWith("flotilla_hook_events_total{hook=\"audit\",result=\"delivered\"")
                                            && !line.endsWith(" 0.0")),
                    "its events are counted");
        }
        assertTrue(text(told).endsWith("end of audit\n"), text(told));
    }

    private static String text(Path file) throws Exception {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    @DisplayName("a type that no provider has ends the start, and check tells of it")
    void unknownType() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> ServerProcess.start("flotilla.hooks.named.audit.type=fil"));
        String message = String.valueOf(refused.getMessage());
        assertTrue(
                message.contains(
                        "the hook audit cannot be opened: no provider on the class path (FLOTILLA_CLASSPATH) has the type fil; there is none"),
                message);
        assertEquals(78, FlotillaCommand.run("check", "--set", "flotilla.hooks.named.audit.type=fil"));
    }
}
