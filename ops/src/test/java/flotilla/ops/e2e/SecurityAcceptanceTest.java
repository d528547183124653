package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.clients.Fifo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Attacks (protocol.md, section 8.6). All commands are traced, so that the logs hold as much as they can. */
@WithServer({"flotilla.active.enabled=true", "flotilla.log.trace=127.0.0.1"})
class SecurityAcceptanceTest extends EndToEnd {

    @Test
    @DisplayName("A-SEC-01 wildcards are matched in linear time and expand in the last component only")
    void globs() throws Exception {
        write("a".repeat(255), "");
        for (int i = 0; i < 100; i++) {
            write("a".repeat(200) + i, "");
        }
        FtpDriver ftp = login();
        ftp.socket().setSoTimeout(5_000);
        for (String pattern :
                List.of("a*a*a*a*a*a*b", "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*ab", "?".repeat(200) + "*".repeat(30) + "b")) {
            ftp.epsvPort();
            ftp.command("LIST " + pattern).expect(501, 550);
        }
        Files.createDirectories(file("d1/d2/d3"));
        ftp.epsvPort();
        ftp.command("LIST */*/*/*").expect(550, 501);
    }

    @Test
    @DisplayName("A-SEC-06 no path of any verb leaves the home")
    void traversal() throws Exception {
        Path outside = server.storage().resolve("outside-" + account.name());
        Files.createDirectories(outside);
        Path secret = Files.writeString(outside.resolve("secret"), "outside");
        Account victim = server.newAccount();
        Files.writeString(victim.home().resolve("secret"), "victim");
        String[] prefixes = {
            "../",
            "../../",
            "/../",
            "/../../",
            "./../",
            "x/../../",
            "..\\",
            "\\..\\",
            "%2e%2e/",
            "%2e%2e%2f",
            "..%2f",
            "//../",
            "/./../",
            "....//",
            "..;/",
            "C:/",
            "C:\\",
            "\\\\host\\share\\",
            "~/",
            "~root/",
            "file:///",
            "\u2025/",
            "\uff0e\uff0e/",
            "..\u2215"
        };
        List<String> targets = List.of(outside.getFileName() + "/secret", victim.name() + "/secret", "etc/passwd");
        FtpDriver ftp = login();
        for (String prefix : prefixes) {
            for (String target : targets) {
                String path = prefix + target;
                for (String verb : List.of(
                        "SIZE",
                        "MDTM",
                        "MLST",
                        "DELE",
                        "RMD",
                        "CWD",
                        "RNFR",
                        "HASH",
                        "XCRC",
                        "XMD5",
                        "STAT",
                        "MFMT 20200101000000",
                        "MDTM 20200101000000",
                        "SITE CHMOD 777",
                        "SITE UTIME 202001010000")) {
                    int code = ftp.command(verb + " " + path).code();
                    assertTrue(code >= 500 && code < 600, verb + " " + path + " gave " + code);
                }
                for (String verb : List.of("RETR", "LIST", "NLST", "MLSD")) {
                    ftp.epsvPort();
                    int code = ftp.command(verb + " " + path).code();
                    assertTrue(code >= 500 && code < 600, verb + " " + path + " gave " + code);
                }
            }
        }
        for (String prefix : List.of("../../", "/../../../../", "x/../../../")) {
            FtpReply made = ftp.command("MKD " + prefix + "made-" + account.name());
            made.expect(257, 550, 553);
            ftp.command("STOR " + prefix + "stored").expect(425);
            DataChannel data = ftp.epsv();
            FtpReply reply = ftp.command("STOR " + prefix + "stored-" + account.name());
            if (reply.code() == 150) {
                ftp.secure(data).send(TEN).finish();
                ftp.reply().expect(226);
            } else {
                data.close();
            }
        }
        write("own", TEN);
        ftp.command("RNFR own").expect(350);
        ftp.command("RNTO ../../" + victim.name() + "/stolen").expect(550, 553);
        assertFalse(Files.exists(victim.home().resolve("stolen")));
        assertEquals("outside", Files.readString(secret));
        assertEquals("victim", Files.readString(victim.home().resolve("secret")));
        for (Path parent = account.home().getParent(); parent != null; parent = parent.getParent()) {
            assertFalse(Files.exists(parent.resolve("made-" + account.name())), parent::toString);
            assertFalse(Files.exists(parent.resolve("stored-" + account.name())), parent::toString);
        }
    }

    @Test
    @DisplayName("A-SEC-07 links out of the home are not followed, links within are")
    void links() throws Exception {
        Files.createDirectories(file("in"));
        write("in/f", TEN);
        Files.createSymbolicLink(file("within"), Path.of("in"));
        Files.createSymbolicLink(file("out"), Path.of("/etc"));
        Files.createSymbolicLink(file("up"), Path.of("../.."));
        Files.createSymbolicLink(file("passwd"), Path.of("/etc/passwd"));
        FtpDriver ftp = login();
        assertEquals(10, ftp.fetch("RETR within/f").length);
        for (String command : List.of(
                "SIZE passwd",
                "SIZE out/passwd",
                "CWD out",
                "CWD up",
                "MLST out/passwd",
                "MKD out/x",
                "DELE out/passwd",
                "RNFR out/passwd",
                "SITE CHMOD 777 passwd",
                "HASH passwd")) {
            assertEquals(550, ftp.command(command).code(), command);
        }
        for (String command :
                List.of("RETR passwd", "RETR out/passwd", "LIST out", "MLSD up", "STOR out/x", "APPE passwd")) {
            ftp.epsvPort();
            ftp.command(command).expect(550, 553);
        }
        for (String link : List.of("passwd", "out", "up", "within")) {
            assertEquals(250, ftp.command("DELE " + link).code(), link);
        }
        assertTrue(Files.exists(Path.of("/etc/passwd")));
        assertTrue(Files.exists(file("in/f")));
    }

    @Test
    @DisplayName("A-SEC-08 a FIFO is no file and hangs nobody")
    void fifo() throws Exception {
        Fifo.make(file("fifo"));
        FtpDriver ftp = login();
        ftp.socket().setSoTimeout(10_000);
        for (String command : List.of("RETR fifo", "APPE fifo")) {
            ftp.epsvPort();
            FtpReply reply = ftp.command(command);
            assertTrue(reply.code() == 550 || reply.code() == 553, () -> command + ": " + reply);
        }
        for (String command : List.of("HASH fifo", "XCRC fifo", "SIZE fifo")) {
            ftp.command(command).expect(550, 553);
        }
        ftp.listing("MLSD");
        ftp.listing("LIST");
    }

    @Test
    @DisplayName("A-SEC-09 hostile names and users make one escaped line of log each, and no second reply")
    void hostileNames() throws Exception {
        FtpDriver ftp = login();
        String jndi = "${jndi:ldap://127.0.0.1:1/x}";
        String format = "%n%s%n100%";
        for (String name : List.of("${jndi:dns:x}", format, "a\"b'c;d", "<b>")) {
            ftp.command("MKD " + name).expect(257);
            ftp.store("STOR " + name + "/f", TEN).expect(226);
            ftp.command("NOOP").expect(200);
        }
        ftp.sendRaw("MKD esc\u001b[31mred\r\n").reply().expect(501, 553);
        FtpDriver stranger = secured();
        stranger.sendRaw("USER " + jndi + "\u001b[2J\r\n").reply().expect(501);
        stranger.command("USER " + jndi + format).expect(331);
        stranger.command("PASS x").expect(530);
        Await.until("the login is in the log", () -> server.nativeLog().contains("FAIL LOGIN"));
        String logs = server.nativeLog() + server.jsonLog() + server.errors();
        assertTrue(logs.contains("${jndi:") || logs.contains("$\\{jndi"), "the name is in the log as it is");
        assertFalse(logs.contains("\u001b"), "no escape sequence");
        assertTrue(
                server.jsonLog().lines().allMatch(line -> line.startsWith("{\"time\":") && line.endsWith("}")),
                "one object a line");
    }

    @Test
    @DisplayName("A-SEC-10 NUL and CR NUL are refused in names, paths and SITE")
    void nul() throws Exception {
        FtpDriver ftp = login();
        write("ten", TEN);
        for (String line : List.of(
                "SIZE ten\0.txt",
                "SIZE ten\r\0",
                "DELE ten\0",
                "CWD \0",
                "MKD a\0b",
                "MKD a\r\0b",
                "SITE CHMOD 777 ten\0",
                "RNFR ten\0x",
                "USER a\r\0b")) {
            int code = ftp.sendRaw(line + "\r\n").reply().code();
            assertTrue(code == 501 || code == 553 || code == 550, line.replace("\0", "<NUL>") + " gave " + code);
        }
        assertTrue(Files.exists(file("ten")));
        try (var files = Files.list(account.home())) {
            assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith("a")));
        }
    }

    @Test
    @DisplayName("A-SEC-17 an HTTP request in TLS ends at its first line, and none of its body is executed")
    void http() throws Exception {
        FtpDriver ftp = secured();
        ftp.sendRaw("POST / HTTP/1.1\r\nHost: x\r\n\r\nUSER " + account.name() + "\r\nPASS " + account.password()
                + "\r\nDELE x\r\n");
        FtpReply reply = ftp.reply();
        assertTrue(reply.code() >= 421 && !reply.toString().contains("HTTP"), reply::toString);
        assertEquals("", ftp.rest(), "nothing but the end follows");
        assertFalse(server.nativeLog().contains("[" + account.name() + "]"));
        for (String verb : List.of("GET / HTTP/1.1", "HEAD /", "OPTIONS *", "CONNECT x:1", "EHLO x")) {
            FtpDriver other = plain();
            assertTrue(other.command(verb).code() >= 421, verb);
            assertTrue(other.isClosedByServer(), verb);
        }
    }

    @Test
    @DisplayName("A-SEC-17 ten unknown commands before login end the connection")
    void unknownCommands() throws Exception {
        FtpDriver ftp = secured();
        for (int i = 1; i < 10; i++) {
            ftp.command("XYZZY" + i).expect(500);
        }
        ftp.command("XYZZY").expect(421, 500);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("A-SEC-20 A-SEC-21 there is no SITE EXEC, no copy before login, and format strings are text")
    void siteExec() throws Exception {
        FtpDriver before = secured();
        before.command("SITE CPFR /etc/passwd").expect(530);
        before.command("SITE CPTO /copy").expect(530);
        FtpDriver ftp = login();
        for (String command : List.of("SITE EXEC id", "SITE %p%n%s", "SITE INDEX x", "SITE CPFR")) {
            ftp.command(command).expect(500, 502, 504, 501);
        }
        ftp.command("SITE WHO").expect(550, 500);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-SEC-28 refusals name no real path, class or version")
    void noLeaks() throws Exception {
        Files.createDirectory(file("d"));
        FtpDriver ftp = login();
        for (String command : List.of(
                "CWD missing",
                "RMD /",
                "DELE d",
                "RETR missing",
                "STOR missing/x",
                "RNFR missing",
                "SIZE d",
                "MLST missing",
                "TYPE Q",
                "PORT x",
                "EPRT x",
                "REST x",
                "OPTS x",
                "SITE x",
                "HELP x",
                "AUTH x",
                "PROT X",
                "MFMT x y",
                "HASH d",
                "LIST missing",
                "XYZ",
                "STAT missing",
                "MKD d",
                "SITE HELP",
                "STAT",
                "HELP",
                "FEAT",
                "SYST")) {
            String reply = ftp.command(command).toString();
            assertFalse(
                    reply.contains("Exception")
                            || reply.contains("java")
                            || reply.contains("netty")
                            || reply.contains(server.dataDirectory().toString())
                            || reply.contains("homes"),
                    command + ": " + reply);
        }
    }

    @Test
    @DisplayName("A-SEC-32 no password is in any log, though every command is traced")
    void passwordsInLogs() throws Exception {
        String password = "S3cret-" + account.name() + "-päss";
        Account own = server.newAccount(password);
        FtpDriver ftp = login(own);
        ftp.command("PWD").expect(257);
        FtpDriver failing = secured();
        failing.command("USER " + own.name()).expect(331);
        failing.command("PASS " + password + "-wrong").expect(530);
        failing.command("pass " + password).expect(503);
        failing.command("ACCT " + password).expect(503, 530, 202);
        failing.command(" PASS " + password).expect(503, 500);
        Await.until("the trace has what came after the login", () -> (server.jsonLog() + server.errors())
                .lines()
                .anyMatch(line -> line.contains(own.name()) && line.contains("PWD")));
        String logs = server.nativeLog() + server.jsonLog() + server.errors();
        assertFalse(logs.contains("S3cret-"), () -> logs.lines()
                .filter(line -> line.contains("S3cret-"))
                .findFirst()
                .orElse(""));
        try (var files = Files.walk(server.dataDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("S3cret-"),
                        file::toString);
            }
        }
    }
}
