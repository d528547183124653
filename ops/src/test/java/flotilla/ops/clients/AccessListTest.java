package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of addresses that may connect, in the format of hosts.allow and hosts.deny. */
class AccessListTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Program.Result curl(ServerProcess server, String from, String url) throws Exception {
        return Program.of(
                        work,
                        "curl",
                        "-sv",
                        "--interface",
                        from,
                        "--ssl-reqd",
                        "--cacert",
                        server.certificate().toString(),
                        "--user",
                        "demo:" + ServerProcess.PASSWORD,
                        url)
                .run();
    }

    private static String explicit(ServerProcess server) {
        return "ftp://127.0.0.1:" + server.explicitPort() + "/";
    }

    private static String implicit(ServerProcess server) {
        return "ftps://127.0.0.1:" + server.implicitPort() + "/";
    }

    @Test
    @DisplayName("curl from a denied address gets 421 before TLS, and a change of the files counts soon")
    void denied() throws Exception {
        Path allow = Files.writeString(work.resolve("hosts.allow"), "sshd: ALL\nvsftpd: 127.0.0.1\n");
        Path deny = Files.writeString(work.resolve("hosts.deny"), "# nobody else\nALL: ALL\n");
        try (ServerProcess server =
                ServerProcess.start("flotilla.access.allow=" + allow, "flotilla.access.deny=" + deny)) {
            curl(server, "127.0.0.1", explicit(server)).ok();
            curl(server, "127.0.0.1", implicit(server)).ok();
            Program.Result refused = curl(server, "127.0.0.2", explicit(server));
            assertTrue(refused.output().contains("< 421 Your address may not connect here."), refused.output());
            assertFalse(refused.output().contains("AUTH"), refused.output());
            Program.Result closed = curl(server, "127.0.0.2", implicit(server));
            assertFalse(closed.exit() == 0 || closed.output().contains("220"), closed.output());
            Await.until(
                    "two lines of the log",
                    () -> server.nativeLog()
                                    .lines()
                                    .filter(line -> line.contains("127.0.0.2") && line.contains("address-denied"))
                                    .count()
                            == 2);

            Files.writeString(deny, "ALL: .example.org\n");
            Await.until("the warning", () -> server.errors().contains(deny + ":1: .example.org is no address"));
            assertFalse(curl(server, "127.0.0.2", explicit(server)).exit() == 0, "the last good list holds");
            Files.writeString(deny, "ALL: 127.0.0.3\n");
            Await.until(
                    "the new list",
                    () -> curl(server, "127.0.0.2", explicit(server)).exit() == 0);
            assertFalse(curl(server, "127.0.0.3", explicit(server)).exit() == 0);
        }
    }

    @Test
    @DisplayName("behind a balancer the address of the client counts")
    void proxied() throws Exception {
        Path deny = Files.writeString(work.resolve("deny"), "203.0.113.0/24\n");
        try (ServerProcess server = ServerProcess.start(
                "flotilla.access.deny=" + deny,
                "flotilla.proxy-protocol=require",
                "flotilla.proxy-trusted=127.0.0.1/32")) {
            for (String[] each : new String[][] {{"203.0.113.9", "421"}, {"198.51.100.9", "220"}}) {
                try (FtpDriver ftp = FtpDriver.connect("127.0.0.1", "127.0.0.1", server)) {
                    ftp.sendRaw("PROXY TCP4 " + each[0] + " 127.0.0.1 40000 21\r\n");
                    ftp.reply().expect(Integer.parseInt(each[1]));
                }
            }
        }
    }

    @Test
    @DisplayName("check names lines that are left out, and refuses lines of deny that it does not understand")
    void checked() throws Exception {
        Path file = Files.writeString(work.resolve("list"), "ALL: 10.0.0.1\nALL: host.example.org\n");
        Command.Result allow = Command.run("check", "--set", "flotilla.access.allow=" + file);
        assertEquals(0, allow.exit(), allow.err());
        assertTrue(allow.err().contains("warning: a line is left out: " + file + ":2: host.example.org"), allow.err());
        Command.Result deny = Command.run("check", "--set", "flotilla.access.deny=" + file);
        assertEquals(78, deny.exit());
        assertTrue(deny.err().contains("flotilla.access.deny: " + file + ":2: host.example.org"), deny.err());
    }
}
