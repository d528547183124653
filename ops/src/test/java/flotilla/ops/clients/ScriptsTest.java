package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Python's ftplib, Perl's Net::FTP, wget and openssl as clients (protocol.md, section 8.7). */
class ScriptsTest extends Client {

    @ParameterizedTest(name = "A-CLI ftplib uploads, downloads, lists, resumes, aborts: {0}, TLS {1}")
    @CsvSource({"stock, 1.2", "stock, 1.3", "reuse, 1.2", "reuse, 1.3"})
    void python(String kind, String version) throws Exception {
        Program.script(
                        work,
                        "python3",
                        "ftplib_session.py",
                        "127.0.0.1",
                        String.valueOf(server.explicitPort()),
                        account.name(),
                        account.password(),
                        server.certificate().toString(),
                        kind,
                        version)
                .run()
                .ok()
                .containing("all good");
    }

    @ParameterizedTest(name = "A-CLI Perl Net::FTP works: {0}")
    @ValueSource(strings = {"explicit", "implicit"})
    void perl(String door) throws Exception {
        int port = door.equals("explicit") ? server.explicitPort() : server.implicitPort();
        Program.script(
                        work,
                        "perl",
                        "net_ftp.pl",
                        "127.0.0.1",
                        String.valueOf(port),
                        account.name(),
                        account.password(),
                        server.certificate().toString(),
                        door)
                .run()
                .ok()
                .containing("all good");
    }

    @ParameterizedTest(name = "A-CLI wget fetches a file, continues one, fetches a tree: {0}")
    @ValueSource(strings = {"explicit", "implicit"})
    void downloads(String door) throws Exception {
        byte[] bytes = bytes(MIB);
        write("file", bytes);
        Files.createDirectories(file("tree/sub dir"));
        write("tree/one", TEN);
        write("tree/sub dir/two", TEN);
        int port = door.equals("explicit") ? server.explicitPort() : server.implicitPort();
        Files.write(local("file"), java.util.Arrays.copyOf(bytes, 300_000));
        wget(door).with("-c", "ftps://127.0.0.1:" + port + "/file").run().ok();
        assertSame(file("file"), local("file"));
        wget(door)
                .with("-r", "-nH", "ftps://127.0.0.1:" + port + "/tree/")
                .run()
                .ok();
        assertSame(file("tree/one"), local("tree/one"));
        assertSame(file("tree/sub dir/two"), local("tree/sub dir/two"));
    }

    private Program wget(String door) {
        Program wget = Program.of(
                work,
                "wget",
                "--no-config",
                "-nv",
                "--tries=1",
                "--timeout=20",
                "--ca-certificate=" + server.certificate(),
                "--user=" + account.name(),
                "--password=" + account.password());
        return door.equals("implicit") ? wget.with("--ftps-implicit") : wget;
    }

    @Test
    @DisplayName("A-CLI openssl s_client logs in through AUTH TLS and on the implicit port")
    void openssl() throws Exception {
        String commands = "USER " + account.name() + "\r\nPASS " + account.password() + "\r\nPWD\r\nQUIT\r\n";
        for (String[] door : new String[][] {
            {"-connect", "127.0.0.1:" + server.explicitPort(), "-starttls", "ftp"},
            {"-connect", "127.0.0.1:" + server.implicitPort()}
        }) {
            Program.of(
                            work,
                            "openssl",
                            "s_client",
                            "-quiet",
                            "-verify_return_error",
                            "-CAfile",
                            server.certificate().toString())
                    .with(door)
                    .input(commands)
                    .run()
                    .ok()
                    .containing("331 ")
                    .containing("230 ")
                    .containing("257 \"/\"")
                    .containing("221 ");
        }
    }

    @Test
    @DisplayName("A-CLI openssl is offered only good cipher suites, and the ALPN name ftp")
    void ciphers() throws Exception {
        String door = "127.0.0.1:" + server.implicitPort();
        Program.of(work, "openssl", "s_client", "-connect", door, "-alpn", "x-filezilla-ftp,ftp", "-brief")
                .input("")
                .run()
                .ok();
        Program.Result alpn = Program.of(work, "openssl", "s_client", "-connect", door, "-alpn", "x-filezilla-ftp,ftp")
                .input("")
                .run()
                .ok();
        alpn.containing("ALPN protocol: ftp\n");
        for (String[] bad : new String[][] {
            {"-tls1"},
            {"-tls1_1"},
            {"-tls1_2", "-cipher", "NULL"},
            {"-tls1_2", "-cipher", "kRSA"},
            {"-tls1_2", "-cipher", "AES128-SHA:3DES"}
        }) {
            Program.Result refused = Program.of(work, "openssl", "s_client", "-connect", door, "-quiet")
                    .with(bad)
                    .input("QUIT\r\n")
                    .run();
            assertEquals(1, refused.exit(), refused::output);
        }
    }
}
