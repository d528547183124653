package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.FtpDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** lftp and curl with the settings that guides to FTPS give. */
class LftpSettingsTest extends Client {
    private static final String SETTINGS = "set ftp:ssl-force true; set ftp:ssl-protect-data yes;"
            + " set ftp:ssl-protect-list yes; set ftp:ssl-protect-fxp yes; set ftp:passive-mode true;"
            + " set net:connection-limit 4; set net:max-retries 3; set net:timeout 30; set cmd:parallel 4;"
            + " set xfer:clobber true; set cmd:fail-exit true;";

    private Program lftp(Account who, String url, String settings, String commands) {
        return Program.of(work, "lftp", "--norc", "-c")
                .with(settings + "open -u " + who.name() + "," + who.password() + " " + url + "; " + commands);
    }

    private String trusted() {
        return SETTINGS + "set ssl:ca-file " + server.certificate() + ";";
    }

    @ParameterizedTest(name = "lftp with settings for speed and protection: pget -n 4, mirror --parallel=4, {0}")
    @ValueSource(strings = {"explicit", "implicit"})
    void parallel(String door) throws Exception {
        Path whole = Program.file(local("whole"), 8 * MIB);
        for (int i = 0; i < 40; i++) {
            Program.file(local("tree/d" + i % 4 + "/f" + i), 1 + i * 3000);
        }
        String url = door.equals("explicit") ? explicitUrl("") : implicitUrl("");
        for (String command : new String[] {
            "put whole",
            "set net:limit-rate 1000000; pget -n 4 whole -o got",
            "mirror -R --parallel=4 tree up",
            "mirror --parallel=4 up down"
        }) {
            lftp(account, url, trusted(), command).run().ok();
        }
        assertSame(whole, file("whole"));
        assertSame(whole, local("got"));
        Await.until(
                "four connections for one file",
                () -> server.nativeLog()
                                .lines()
                                .filter(line -> line.contains("[" + account.name() + "] ")
                                        && line.contains("DOWNLOAD: Client \"127.0.0.1\", \"/whole\""))
                                .count()
                        >= 4);
        for (int i = 0; i < 40; i++) {
            String name = "d" + i % 4 + "/f" + i;
            assertSame(local("tree/" + name), local("down/" + name));
        }
    }

    @Test
    @DisplayName("lftp whose user has as many sessions as he may is told 421, and tries again until one is free")
    void retries() throws Exception {
        Account single = server.newAccount(user -> user.change().maxSessions(1).make());
        FtpDriver only = login(single);
        String settings = trusted() + "set net:reconnect-interval-base 1; set net:max-retries 30;";
        CompletableFuture<Program.Result> waits = CompletableFuture.supplyAsync(() -> {
            try {
                return lftp(single, explicitUrl(""), settings, "cls -1; echo listed")
                        .run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Await.until("lftp is refused", () -> server.nativeLog()
                .lines()
                .anyMatch(line ->
                        line.contains("[" + single.name() + "] FAIL LOGIN") && line.contains("too-many-sessions")));
        only.command("QUIT").expect(221);
        waits.join().ok().containing("listed");
    }

    @Test
    @DisplayName("lftp does not trust an unknown certificate, unless it is told to or has the file")
    void trust() throws Exception {
        write("ten", TEN);
        lftp(account, explicitUrl(""), SETTINGS, "get ten").run().exits(1).containing("Certificate verification");
        assertFalse(Files.exists(local("ten")));
        lftp(account, explicitUrl(""), SETTINGS + "set ssl:verify-certificate false;", "get ten")
                .run()
                .ok();
        lftp(account, explicitUrl(""), trusted(), "get ten").run().ok();
    }

    @Test
    @DisplayName("lftp -d shows each command and reply, and that the login is protected")
    void debug() throws Exception {
        String said = Program.of(work, "lftp", "--norc", "-d", "-c")
                .with(trusted() + "open -u " + account.name() + "," + account.password() + " " + explicitUrl("")
                        + "; cls")
                .run()
                .ok()
                .output();
        int secure = said.indexOf("<--- 234");
        int login = said.indexOf("---> USER");
        assertTrue(secure > 0 && login > secure && said.indexOf("<--- 230") > login, said);
        assertTrue(said.contains("---> PROT P") && said.contains("<--- 227"), said);
    }

    @Test
    @DisplayName("curl as in guides: -k --ftp-ssl uploads, downloads, and lists at the implicit port")
    void curl() throws Exception {
        Path sent = Program.file(local("sent"), MIB);
        String user = account.name() + ":" + account.password() + "@127.0.0.1:";
        String explicit = "ftp://" + user + server.explicitPort() + "/remote.txt";
        Program.of(work, "curl", "-sS", "-k", "--ftp-ssl", "-T", sent.toString(), explicit)
                .run()
                .ok();
        assertSame(sent, file("remote.txt"));
        Program.of(work, "curl", "-sS", "-k", "--ftp-ssl", "-o", "back", explicit)
                .run()
                .ok();
        assertSame(sent, local("back"));
        Program.of(work, "curl", "-sS", "-k", "--ftp-ssl", "ftps://" + user + server.implicitPort() + "/")
                .run()
                .ok()
                .containing("remote.txt");
        assertEquals(1, Files.list(account.home()).filter(Files::isRegularFile).count());
    }
}
