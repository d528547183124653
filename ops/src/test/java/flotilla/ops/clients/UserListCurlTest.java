package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of user names. */
class UserListCurlTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Program.Result curl(ServerProcess server, String user) throws Exception {
        return Program.of(
                        work,
                        "curl",
                        "-sv",
                        "--ssl-reqd",
                        "--cacert",
                        server.certificate().toString(),
                        "--user",
                        user + ":" + ServerProcess.PASSWORD,
                        "ftp://127.0.0.1:" + server.explicitPort() + "/")
                .run();
    }

    @Test
    @DisplayName("curl as a user who is not in the list gets 530 at USER, and a change of the list counts soon")
    void listed() throws Exception {
        Path list = Files.writeString(work.resolve("user_list"), "# who may log in\nuser1\n");
        try (ServerProcess server =
                ServerProcess.start("flotilla.login.user-list.mode=allow", "flotilla.login.user-list.file=" + list)) {
            String allowed = server.newAccount().name();
            String other = server.newAccount().name();
            curl(server, allowed).containing("< 230 ").ok();
            Program.Result refused = curl(server, other).containing("< 530 Permission denied.");
            assertFalse(refused.output().contains("> PASS"), refused.output());
            assertTrue(server.nativeLog().contains("FAIL LOGIN"), server.nativeLog());

            Files.writeString(list, other + "\n");
            Await.until("the new list", () -> curl(server, other).exit() == 0);
            curl(server, allowed).containing("< 530 Permission denied.");
        }
    }

    @Test
    @DisplayName("a list that is missing or cannot be read is refused")
    void refused() {
        Command.Result without = Command.run("check", "--set", "flotilla.login.user-list.mode=deny");
        assertEquals(78, without.exit());
        assertTrue(without.err().contains("flotilla.login.user-list.file: is needed"), without.err());
        Command.Result missing = Command.run(
                "check",
                "--set",
                "flotilla.login.user-list.mode=deny",
                "--set",
                "flotilla.login.user-list.file=" + work.resolve("none"));
        assertEquals(78, missing.exit());
        assertTrue(missing.err().contains("cannot be read"), missing.err());
    }
}
