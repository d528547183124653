package flotilla.ops.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of TCP wrappers, and the accounts of ProFTPD. */
class HostsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    @Test
    @DisplayName("hosts.allow and hosts.deny become lists that flotilla check accepts; a line with a name is told")
    void hosts() throws Exception {
        Path allow = Files.writeString(work.resolve("hosts.allow"), "proftpd: 192.168.\nsshd: ALL\n");
        Path deny = Files.writeString(work.resolve("hosts.deny"), "ALL: ALL\nvsftpd: .example.com\n");
        Path allowed = work.resolve("allow.txt");
        Path denied = work.resolve("deny.txt");
        Command.Result first = Command.run("import", "hosts-allow", allow.toString(), "--out", allowed.toString());
        assertEquals(0, first.exit(), first.err());
        assertEquals("192.168.0.0/16\n", Files.readString(allowed));
        Command.Result second = Command.run("import", "hosts-deny", deny.toString(), "--out", denied.toString());
        assertTrue(second.err().contains("hosts.deny:2: .example.com"), second.err());
        assertTrue(second.err().contains("more clients may connect"), second.err());
        Path configuration = Files.writeString(
                work.resolve("flotilla.conf"),
                "flotilla { access { allow = \"" + allowed + "\", deny = \"" + denied + "\" }, data-dir = \"" + work
                        + "/data\" }");
        Command.Result checked = Command.run("check", configuration.toString());
        assertEquals(0, checked.exit(), checked.err());
        assertEquals(
                "",
                Command.run("import", "hosts-allow", allow.toString(), "--daemon", "vsftpd")
                        .out());
    }

    @Test
    @DisplayName("a line that holds for some of the daemons only is told, with --daemon; with it, the line counts")
    void except() throws Exception {
        Path deny = Files.writeString(
                work.resolve("hosts.deny"),
                "# ALL EXCEPT vsftpd: none\nALL EXCEPT \\\nvsftpd: ALL\nALL EXCEPT sshd: 192.0.2.0/24\n");
        Command.Result all = Command.run("import", "hosts-deny", deny.toString());
        assertEquals("192.0.2.0/24\n", all.out());
        assertTrue(all.err().contains("hosts.deny:2: ALL EXCEPT vsftpd: ALL: left out, although"), all.err());
        assertTrue(all.err().contains("proftpd") && all.err().contains("--daemon NAME"), all.err());
        assertEquals(1, all.err().lines().count(), all.err());
        Command.Result proftpd = Command.run("import", "hosts-deny", deny.toString(), "--daemon", "proftpd");
        assertEquals("0.0.0.0/0\n0:0:0:0:0:0:0:0/0\n", proftpd.out());
        assertEquals("", proftpd.err());
        Command.Result vsftpd = Command.run("import", "hosts-deny", deny.toString(), "--daemon", "vsftpd");
        assertEquals("192.0.2.0/24\n", vsftpd.out());
        assertEquals("", vsftpd.err());
    }

    @Test
    @DisplayName("--accounts writes the accounts of AuthUserFile with homes and passwords")
    void accounts() throws Exception {
        Path users = Files.writeString(
                work.resolve("ftpd.passwd"),
                "alice:$1$Ab3/x.9z$P/HqpmQXL.J8agsJkFwGQ.:1000:1000::/srv/ftp/alice:/bin/false\n");
        Path in = Files.writeString(
                work.resolve("proftpd.conf"), "PassivePorts 50000 50100\nAuthUserFile " + users + "\n");
        Path out = work.resolve("accounts.jsonl");
        Command.Result done = Command.run("import", "proftpd", in.toString(), "--accounts", out.toString());
        assertEquals(0, done.exit(), done.err());
        Path data = work.resolve("data");
        assertEquals(0, Command.run(data, "user", "import", out.toString()).exit());
        String exported = Command.run(data, "user", "export").out();
        assertTrue(exported.contains("\"home\":\"/srv/ftp/alice\"") && exported.contains("$1$Ab3/x.9z$"), exported);
    }

    @Test
    @DisplayName("a directory with a file for each setting of Pure-FTPd is translated, as Debian has it")
    void directory() throws Exception {
        Path settings = Files.createDirectory(work.resolve("conf"));
        Files.writeString(settings.resolve("NoAnonymous"), "yes\n");
        Files.writeString(settings.resolve("PassivePortRange"), "30000 30100\n");
        Files.writeString(settings.resolve("Strange"), "1\n2\n");
        Command.Result done = Command.run("import", "pure-ftpd-conf", settings.toString());
        assertEquals(0, done.exit(), done.err());
        assertTrue(done.out().contains("passive.ports = \"30000-30100\""), done.out());
        assertTrue(done.err().contains("Strange: it is no setting with one line"), done.err());
    }

    @Test
    @DisplayName("each word of TLSRequired keeps what it asks for; an unknown one asks for everything, and is told")
    void tlsRequired() throws Exception {
        for (String word : List.of("on", "yes", "true", "1", "both", "ctrl+data", "Control+Data", "auth+data")) {
            Command.Result done = withTlsRequired(word);
            assertTrue(done.out().contains("tls.required = true\n  # line 4"), word + done.out());
            assertTrue(done.out().contains("tls.data-required = true"), word + done.out());
            assertTrue(!done.err().contains("TLSRequired"), word + done.err());
        }
        for (String word : List.of("ctrl", "control", "auth", "ctrl+!data")) {
            String text = withTlsRequired(word).out();
            assertTrue(text.contains("tls.required = true") && text.contains("tls.data-required = false"), word + text);
        }
        for (String word : List.of("off", "no", "false", "0")) {
            Command.Result done = withTlsRequired(word);
            assertTrue(done.out().contains("tls.required = false"), word + done.out());
            assertTrue(!done.err().contains("TLSRequired"), word + done.err());
        }
        for (String word : List.of("sometimes", "ctrl+sometimes", "+", "")) {
            Command.Result done = withTlsRequired(word);
            assertTrue(done.out().contains("tls.required = true"), word + done.out());
            assertTrue(done.out().contains("tls.data-required = true"), word + done.out());
            assertTrue(done.err().contains(":4: TLSRequired"), word + done.err());
        }
        assertTrue(withTlsRequired("data").err().contains(":4: TLSRequired data"));
    }

    private Command.Result withTlsRequired(String word) throws Exception {
        Path in = Files.writeString(
                work.resolve("proftpd.conf"),
                "AllowOverwrite on\nUseFtpUsers off\nTLSEngine on\nTLSRequired " + word + "\n");
        return Command.run("import", "proftpd", in.toString());
    }

    @Test
    @DisplayName("a password of a database in proftpd.conf is not shown")
    void secrets() throws Exception {
        Path in = Files.writeString(work.resolve("proftpd.conf"), "SQLConnectInfo ftp@localhost ftp hunter2\n");
        Command.Result done = Command.run("import", "proftpd", in.toString());
        assertTrue(done.err().contains(":1: SQLConnectInfo: "), done.err());
        assertTrue(!(done.out() + done.err()).contains("hunter2"), done.err());
    }
}
