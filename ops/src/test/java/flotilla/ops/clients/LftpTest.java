package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** lftp as a client, with GnuTLS (protocol.md, section 8.7). */
class LftpTest extends Client {

    private Program lftp(String settings, String url, String commands) {
        String script =
                "set cmd:fail-exit true; set ftp:ssl-force true; set ssl:verify-certificate yes; set net:max-retries 1; set net:timeout 20;"
                        + "set ssl:ca-file " + server.certificate() + "; set xfer:clobber true;" + settings
                        + "\nopen -u " + account.name() + ","
                        + account.password() + " " + url + "\n" + commands + "\n";
        return Program.of(work, "lftp", "--norc", "-c", script);
    }

    @ParameterizedTest(name = "A-CLI lftp mirrors a tree up and down with four connections: {0}, {1}")
    @CsvSource({"explicit, VERS-TLS1.2", "explicit, VERS-TLS1.3", "implicit, VERS-TLS1.2", "implicit, VERS-TLS1.3"})
    void mirrors(String door, String version) throws Exception {
        for (int i = 0; i < 30; i++) {
            Program.file(local("tree/dir " + i % 3 + "/ünï " + i), i * 5000);
        }
        lftp(
                        "set ssl:priority NORMAL:-VERS-ALL:+" + version + ";",
                        door.equals("explicit") ? explicitUrl("") : implicitUrl(""),
                        "mirror -R tree up\nmirror --parallel=4 up down")
                .run()
                .ok();
        for (int i = 0; i < 30; i++) {
            String name = "dir " + i % 3 + "/ünï " + i;
            assertSame(local("tree/" + name), file("up/" + name));
            assertSame(local("tree/" + name), local("down/" + name));
        }
        assertEquals(
                Files.getLastModifiedTime(local("tree/dir 0/ünï 0")).toMillis() / 1000,
                Files.getLastModifiedTime(file("up/dir 0/ünï 0")).toMillis() / 1000,
                "the time of an uploaded file is set with MFMT");
    }

    @Test
    @DisplayName("A-CLI lftp fetches one file with four connections (pget)")
    void parallelDownload() throws Exception {
        Path whole = Program.file(local("whole"), 20 * MIB);
        Files.copy(whole, file("big"));
        lftp("", explicitUrl(""), "pget -n 4 big -o got").run().ok();
        assertSame(whole, local("got"));
    }

    @Test
    @DisplayName("A-CLI lftp resumes downloads and uploads (reget, reput)")
    void resumes() throws Exception {
        Path whole = Program.file(local("whole"), 2 * MIB);
        byte[] bytes = Files.readAllBytes(whole);
        write("file", bytes);
        Files.write(local("file"), Arrays.copyOf(bytes, 1_234_567));
        write("whole", Arrays.copyOf(bytes, 765_432));
        lftp("", explicitUrl(""), "reget file\nreput whole").run().ok();
        assertSame(whole, local("file"));
        assertSame(whole, file("whole"));
    }

    @Test
    @DisplayName("A-TLS-16 lftp does five gets and five puts over one control connection")
    void oneConnection() throws Exception {
        Program.file(local("a"), 100_000);
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            commands.append("put a -o p")
                    .append(i)
                    .append("\nget p")
                    .append(i)
                    .append(" -o g")
                    .append(i)
                    .append('\n');
        }
        lftp("", explicitUrl(""), commands.toString()).run().ok();
        for (int i = 0; i < 5; i++) {
            assertSame(local("a"), local("g" + i));
        }
        long logins = server.nativeLog()
                .lines()
                .filter(line -> line.contains("[" + account.name() + "] OK LOGIN"))
                .count();
        assertEquals(1, logins);
    }

    @Test
    @DisplayName("A-TLS-12 lftp with protect-data off is told 522 and protects by itself")
    void protectsWhenTold() throws Exception {
        write("ten", TEN);
        lftp("set ftp:ssl-protect-data false;", explicitUrl(""), "get ten\ncls -1")
                .run()
                .ok()
                .containing("ten");
        assertEquals("0123456789", Files.readString(local("ten")));
    }

    @Test
    @DisplayName("A-CLI lftp copies a file on the server (quote SITE CPFR, SITE CPTO)")
    void copies() throws Exception {
        write("a", bytes(MIB));
        lftp("", explicitUrl(""), "quote SITE CPFR a\nquote SITE CPTO b\nget b")
                .run()
                .ok()
                .containing("250 Copied.");
        assertSame(file("a"), file("b"));
        assertSame(file("a"), local("b"));
    }

    @Test
    @DisplayName("A-CLI lftp renames, makes and removes directories, changes modes and deletes")
    void files() throws Exception {
        write("ten", TEN);
        lftp(
                        "",
                        explicitUrl(""),
                        "mkdir -p 'a b/ç'\nmv ten 'a b/ç/elf'\nchmod 600 'a b/ç/elf'\nfind\ndu -b\nrm -r 'a b'\nmkdir x\nrmdir x")
                .run()
                .ok()
                .containing("./a b/ç/elf");
        for (String gone : List.of("ten", "a b", "x")) {
            assertFalse(Files.exists(file(gone)), gone);
        }
    }
}
