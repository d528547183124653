package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.ExtensionJar;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.extension.AuthenticatorProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AuthenticatorTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private String[] settings(Path users) throws IOException {
        Path jar = ExtensionJar.of(
                directory, "extension/FileAuthenticators.java.txt", AuthenticatorProvider.class.getName());
        return new String[] {
            "classpath:" + jar,
            "flotilla.authenticators.order=accounts,list",
            "flotilla.authenticators.named.list.type=file",
            "flotilla.authenticators.named.list.file=" + users
        };
    }

    private static void login(FtpDriver ftp, String user, String password, int code) throws Exception {
        ftp.command("USER " + user).expect(331);
        ftp.command("PASS " + password).expect(code);
    }

    @Test
    @DisplayName(
            "users of an authenticator on the class path log in and store files; accounts go on logging in beside them")
    void logins() throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "olga:secret-of-olga:olga\n");
        try (ServerProcess server = ServerProcess.start(settings(users))) {
            Account account = server.newAccount();
            ClientTls tls = ClientTls.trusting(server.certificate());
            try (FtpDriver ftp = FtpDriver.secured(server, tls)) {
                login(ftp, "olga", "wrong", 530);
                login(ftp, "nobody", "secret-of-olga", 530);
                login(ftp, "olga", "secret-of-olga", 230);
                ftp.protectData();
                ftp.store("STOR f", new byte[5]).expect(226);
            }
            try (FtpDriver ftp = FtpDriver.loggedIn(server, tls, account)) {
                ftp.store("STOR f", new byte[7]).expect(226);
            }
            Path home = server.storage().resolve("olga");
            assertEquals(5, Files.size(home.resolve("f")));
            String metrics = Api.local(server).call("GET", "/metrics", "").text();
            for (String result : new String[] {"known", "refused", "unknown"}) {
                assertTrue(
                        metrics.lines()
                                .anyMatch(line -> line.startsWith("flotilla_authenticator_answers_total"
                                                + "{authenticator=\"list\",result=\"" + result + "\"}")
                                        && line.endsWith(" 1.0")),
                        () -> result + " once in\n" + metrics);
            }
            assertFalse(server.errors().contains("secret-of-olga"));
            Files.delete(users);
            try (FtpDriver ftp = FtpDriver.secured(server, tls)) {
                login(ftp, "olga", "secret-of-olga", 421);
            }
            assertTrue(
                    server.errors().contains("the authenticator list cannot be used, so logins are refused"),
                    server::errors);
        }
    }

    @Test
    @DisplayName("a type that no provider has ends the start, and check tells of it")
    void unknownType() {
        String[] settings = {"flotilla.authenticators.order=list", "flotilla.authenticators.named.list.type=ldap"};
        String refused = String.valueOf(assertThrows(IllegalStateException.class, () -> ServerProcess.start(settings))
                .getMessage());
        assertTrue(
                refused.contains(
                        "the authenticator list cannot be opened: no provider on the class path (FLOTILLA_CLASSPATH) has the type ldap; there is none"),
                refused);
        assertEquals(78, FlotillaCommand.run("check", "--set", settings[0], "--set", settings[1]));
    }
}
