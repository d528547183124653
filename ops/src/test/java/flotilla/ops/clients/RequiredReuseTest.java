package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.FtpReply;
import flotilla.ops.e2e.WithServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data connections must resume the TLS session of their control connection (protocol.md, A-TLS-18 and A-TLS-19). */
@WithServer({"flotilla.tls.data-session-reuse=require", "flotilla.active.enabled=true"})
class RequiredReuseTest extends Client {
    private static final int TRIES = 250;

    @ParameterizedTest(name = "A-TLS-18 curl resumes for every transfer: TLS {0}")
    @ValueSource(strings = {"1.2", "1.3"})
    void curl(String version) throws Exception {
        Program.file(local("a"), 100_000);
        Files.createFile(local("empty"));
        curlWith(version).with("-T", "a", explicitUrl("p1")).run().ok();
        curlWith(version).with("-T", "a", explicitUrl("p2")).run().ok();
        curlWith(version).with("-T", "empty", explicitUrl("p3")).run().ok();
        curlWith(version)
                .with("-o", "l1", explicitUrl(""), "-o", "g1", explicitUrl("p1"), "-o", "l2", explicitUrl(""))
                .with("-o", "g2", explicitUrl("p2"), "-o", "l3", explicitUrl(""))
                .run()
                .ok();
        assertSame(local("a"), local("g1"));
        assertSame(local("a"), local("g2"));
        assertEquals(0, Files.size(file("p3")));
        assertEquals(3, Files.readAllLines(local("l3")).size());
        Await.until("there are four logins", () -> logins() == 4);
    }

    @ParameterizedTest(name = "A-TLS-18 curl resumes for ten uploads of one connection: TLS {0}, {1}")
    @CsvSource({
        "1.2, ECDHE-ECDSA-AES128-GCM-SHA256",
        "1.3, TLS_AES_128_GCM_SHA256",
        "1.3, TLS_AES_256_GCM_SHA384",
        "1.3, TLS_CHACHA20_POLY1305_SHA256"
    })
    void curlUploads(String version, String suite) throws Exception {
        for (int i = 0; i < 10; i++) {
            Program.file(local("u" + i), i * 30_000);
        }
        String ciphers = version.equals("1.3") ? "--tls13-ciphers" : "--ciphers";
        for (String directory : List.of("explicit", "implicit")) {
            curlWith(version)
                    .with(ciphers, suite, "--ftp-create-dirs", "-T", "{u0,u1,u2,u3,u4,u5,u6,u7,u8,u9}")
                    .with(directory.equals("implicit") ? implicitUrl("implicit/") : explicitUrl("explicit/"))
                    .run()
                    .ok();
            for (int i = 0; i < 10; i++) {
                assertSame(local("u" + i), file(directory + "/u" + i));
            }
        }
        Await.until("there are two logins", () -> logins() == 2);
    }

    @Test
    @DisplayName("A-TLS-18 Java resumes for uploads between which it changes its keys")
    void keyUpdates() throws Exception {
        FtpDriver ftp = login("TLSv1.3");
        for (int i = 0; i < 10; i++) {
            ftp.store("STOR f" + i, bytes(1000 * i)).expect(226);
            ftp.tls().startHandshake();
            ftp.command("NOOP").expect(200);
        }
        assertEquals(9000, ftp.fetch("RETR f9").length);
    }

    private Program curlWith(String version) {
        return Program.of(
                work,
                "curl",
                "-sS",
                "--fail",
                "--max-time",
                "60",
                "--ssl-reqd",
                "--cacert",
                server.certificate().toString(),
                "--tlsv" + version,
                "--tls-max",
                version,
                "--user",
                account.name() + ":" + account.password());
    }

    @ParameterizedTest(name = "A-TLS-18 lftp resumes for every transfer: {0}, passive {1}")
    @CsvSource({"VERS-TLS1.2, on", "VERS-TLS1.3, on", "VERS-TLS1.2, off", "VERS-TLS1.3, off"})
    void lftp(String version, String passive) throws Exception {
        Program.file(local("a"), 100_000);
        Files.createFile(local("empty"));
        String commands = "set cmd:fail-exit true; set ftp:passive-mode " + passive
                + "; set ftp:ssl-force true; set net:max-retries 1; set net:timeout 20; set ssl:ca-file "
                + server.certificate() + "; set ssl:priority NORMAL:-VERS-ALL:+" + version + "\nopen -u "
                + account.name() + ","
                + account.password() + " " + explicitUrl("")
                + "\ncls\nput a -o p1\nput a -o p2\nput empty -o p3\nrels\nget p1 -o g1\nget p2 -o g2\nrels\n";
        Program.of(work, "lftp", "--norc", "-c", commands).run().ok().containing("p3");
        assertSame(local("a"), local("g1"));
        assertSame(local("a"), local("g2"));
        assertEquals(0, Files.size(file("p3")));
        Await.until("there is one login", () -> logins() == 1);
    }

    @ParameterizedTest(name = "A-TLS-18 ftplib that reuses the session does everything: TLS {0}")
    @ValueSource(strings = {"1.2", "1.3"})
    void patchedPython(String version) throws Exception {
        Program.script(
                        work,
                        "python3",
                        "ftplib_session.py",
                        "127.0.0.1",
                        String.valueOf(server.explicitPort()),
                        account.name(),
                        account.password(),
                        server.certificate().toString(),
                        "reuse",
                        version)
                .run()
                .ok()
                .containing("all good");
    }

    @ParameterizedTest(name = "A-TLS-19 stock ftplib gets 522 and keeps its control connection: TLS {0}")
    @ValueSource(strings = {"1.2", "1.3"})
    void stockPython(String version) throws Exception {
        Program.script(
                        work,
                        "python3",
                        "ftplib_refused.py",
                        "127.0.0.1",
                        String.valueOf(server.explicitPort()),
                        account.name(),
                        account.password(),
                        server.certificate().toString(),
                        version)
                .run()
                .ok()
                .containing("all good");
        assertFalse(Files.exists(file("f")), "nothing of a refused upload is stored");
    }

    private long logins() {
        return server.nativeLog()
                .lines()
                .filter(line -> line.contains("[" + account.name() + "] OK LOGIN"))
                .count();
    }

    @ParameterizedTest(name = "A-TLS-19 250 of 250 data connections with a fresh TLS session are refused: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void freshSessions(String version) throws Exception {
        write("secret", TEN);
        FtpDriver ftp = login(version);
        for (int i = 0; i < TRIES; i++) {
            assertRefused(ftp, client(version), i);
        }
        assertEquals("0123456789", new String(ftp.fetch("RETR secret"), java.nio.charset.StandardCharsets.US_ASCII));
    }

    @ParameterizedTest(
            name =
                    "A-TLS-19 250 of 250 data connections with the ticket of another control connection are refused: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void foreignTickets(String version) throws Exception {
        write("secret", TEN);
        FtpDriver ftp = login(version);
        for (int i = 0; i < TRIES; i++) {
            ClientTls thief = client(version);
            try (FtpDriver other = FtpDriver.secured(server, thief)) {
                other.command("NOOP").expect(200);
                assertRefused(ftp, thief, i);
            }
        }
        assertEquals("0123456789", new String(ftp.fetch("RETR secret"), java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("A-TLS-19 the ticket of another session of the same user is refused")
    void sameUser() throws Exception {
        write("secret", TEN);
        FtpDriver ftp = login();
        FtpDriver other = login(account);
        assertRefused(ftp, other.client(), 0);
        assertEquals(10, ftp.fetch("RETR secret").length);
    }

    @ParameterizedTest(name = "A-TLS-19 a ticket from a refused data connection opens no other one: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void ticketsOfRefusedConnections(String version) throws Exception {
        write("secret", TEN);
        FtpDriver ftp = login(version);
        ClientTls thief = client(version);
        for (int i = 0; i < 5; i++) {
            assertRefused(ftp, thief, i);
        }
    }

    /**
     * Runs RETR of a ten-byte file over a data connection of {@code thief}: 150, no byte, 522, and the control
     * connection lives.
     */
    private void assertRefused(FtpDriver ftp, ClientTls thief, int attempt) throws IOException {
        try (DataChannel data = ftp.epsv()) {
            ftp.command("RETR secret").expect(150);
            int got;
            try {
                got = data.secure(thief, server.explicitPort()).readAll().length;
            } catch (IOException refusedInHandshake) {
                got = 0;
            }
            FtpReply reply = ftp.reply();
            assertEquals(522, reply.code(), () -> "try " + attempt + ": " + reply);
            assertEquals(0, got, "try " + attempt);
        }
    }

    @Test
    @DisplayName("A-TLS-18 two hundred transfers of one session all resume")
    void manyTransfers() throws Exception {
        Account own = account;
        FtpDriver ftp = login(own);
        for (int i = 0; i < 100; i++) {
            ftp.store("STOR f", bytes(i)).expect(226);
            assertEquals(i, ftp.fetch("RETR f").length);
        }
    }
}
