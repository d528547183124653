package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's rsyslog understands what a server sends. */
@Timeout(180)
class RsyslogTest {
    private static final String FORMAT =
            "template(name=\"t\" type=\"string\" string=\"%syslogfacility-text% %syslogseverity% %hostname% %app-name%"
                    + " %msgid% %msg%\\n\")\n*.* action(type=\"omfile\" template=\"t\" file=\"FILE\")\n";

    @TempDir
    Path work;

    private Path certificate(String name) {
        Path pem = work.resolve(name + ".pem");
        Command.Result made =
                Command.run("cert", "new", "--dns", name, "--ip", "127.0.0.1", "--key", "rsa", pem.toString());
        assertEquals(0, made.exit(), made.err());
        return pem;
    }

    /** A certificate that a client may use. That of a server is refused by OpenSSL. */
    private Path ofClient() throws Exception {
        Path pem = work.resolve("client.pem");
        Process made = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=node",
                        "-addext",
                        "extendedKeyUsage=clientAuth",
                        "-keyout",
                        work.resolve("client.key").toString(),
                        "-out",
                        pem.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("openssl.log").toFile())
                .start();
        assertEquals(0, made.waitFor());
        return pem;
    }

    private Process rsyslog(String inputs) throws IOException {
        Path configuration = work.resolve("rsyslog.conf");
        Files.writeString(
                configuration,
                inputs + FORMAT.replace("FILE", work.resolve("received").toString()));
        return new ProcessBuilder(
                        "/usr/sbin/rsyslogd",
                        "-n",
                        "-f",
                        configuration.toString(),
                        "-i",
                        work.resolve("pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("rsyslog.log").toFile())
                .start();
    }

    private Optional<String> received(String event) throws IOException {
        Path file = work.resolve("received");
        return Files.exists(file)
                ? Files.readString(file)
                        .lines()
                        .filter(line -> line.contains(' ' + event + ' '))
                        .findFirst()
                : Optional.empty();
    }

    private void failLogin(ServerProcess server) throws Exception {
        Account nobody = new Account("nobody", "wrong", work);
        try (FtpDriver ftp = FtpDriver.secured(server, ClientTls.trusting(server.certificate()))) {
            ftp.command("USER " + nobody.name());
            assertEquals(530, ftp.command("PASS " + nobody.password()).code());
        }
    }

    private void shows(String facility, String node, List<String> settings, String inputs) throws Exception {
        Process receiver = rsyslog(inputs);
        try (ServerProcess server = ServerProcess.start(settings.toArray(String[]::new))) {
            Await.until("a failed login at rsyslog", () -> {
                failLogin(server);
                return received("LoginFailed").isPresent();
            });
            String line = received("LoginFailed").orElseThrow();
            assertTrue(line.startsWith(facility + " 4 " + node + " flotilla LoginFailed "), line);
            assertTrue(line.contains("nobody"), line);
            assertTrue(received("Connected").orElseThrow().startsWith(facility + " 6 "), "another severity");
        } catch (AssertionError failed) {
            throw new AssertionError(Files.readString(work.resolve("rsyslog.log")), failed);
        } finally {
            receiver.destroy();
            receiver.waitFor();
        }
    }

    @Test
    @DisplayName("rsyslog receives JSON through TLS from a node with a certificate")
    void tls() throws Exception {
        Path ofReceiver = certificate("receiver");
        Path ofNode = ofClient();
        int port = Ports.free(1);
        shows(
                "ftp",
                "harbour",
                List.of(
                        "flotilla.node.name=harbour",
                        "flotilla.log.syslog.target=tls://127.0.0.1:" + port,
                        "flotilla.log.syslog.ca=" + ofReceiver,
                        "flotilla.log.syslog.certificate=" + ofNode,
                        "flotilla.log.syslog.private-key=" + work.resolve("client.key")),
                "global(DefaultNetstreamDriverCAFile=\"" + ofNode + "\" DefaultNetstreamDriverCertFile=\"" + ofReceiver
                        + "\" DefaultNetstreamDriverKeyFile=\"" + ofReceiver + "\")\n"
                        + "module(load=\"imtcp\" StreamDriver.Name=\"ossl\" StreamDriver.Mode=\"1\""
                        + " StreamDriver.Authmode=\"x509/certvalid\")\ninput(type=\"imtcp\" port=\"" + port
                        + "\" address=\"127.0.0.1\")\n");
    }

    @Test
    @DisplayName("rsyslog receives CEF by datagrams, with another facility")
    void udp() throws Exception {
        int port = Ports.free(1);
        shows(
                "local3",
                "harbour",
                List.of(
                        "flotilla.node.name=harbour",
                        "flotilla.log.syslog.target=udp://127.0.0.1:" + port,
                        "flotilla.log.syslog.format=cef",
                        "flotilla.log.syslog.facility=local3"),
                "module(load=\"imudp\")\ninput(type=\"imudp\" port=\"" + port + "\" address=\"127.0.0.1\")\n");
        assertTrue(received("LoginFailed").orElseThrow().contains("CEF:0|Flotilla|flotilla|"));
    }
}
