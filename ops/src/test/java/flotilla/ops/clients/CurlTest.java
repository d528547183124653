package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl as a client (protocol.md, section 8.7). */
class CurlTest extends CurlClient {

    @ParameterizedTest(name = "A-CLI curl uploads and downloads: {0}, TLS {1}, {2}")
    @CsvSource({
        "explicit, 1.2, EPSV", "explicit, 1.2, PASV", "explicit, 1.3, EPSV", "explicit, 1.3, PASV",
        "implicit, 1.2, EPSV", "implicit, 1.2, PASV", "implicit, 1.3, EPSV", "implicit, 1.3, PASV"
    })
    void roundTrip(String door, String version, String passive) throws Exception {
        String url = door.equals("explicit") ? explicitUrl("new dir/größe.bin") : implicitUrl("new dir/größe.bin");
        String[] options = {
            "--tlsv" + version,
            "--tls-max",
            version,
            passive.equals("PASV") ? "--disable-epsv" : "--epsv",
            url.replace(" ", "%20")
        };
        Path sent = Program.file(local("sent"), 3 * MIB + 1);
        curl("--ftp-create-dirs", "-T", sent.toString()).with(options).run().ok();
        assertSame(sent, file("new dir/größe.bin"));
        curl("-o", "got").with(options).run().ok();
        assertSame(sent, local("got"));
    }

    @Test
    @DisplayName("A-CLI curl transfers an empty file")
    void empty() throws Exception {
        Files.createFile(local("empty"));
        curl("-T", "empty", explicitUrl("")).run().ok();
        assertEquals(0, Files.size(file("empty")));
        curl("-o", "got", explicitUrl("empty")).run().ok();
        assertTrue(!Files.exists(local("got")) || Files.size(local("got")) == 0);
    }

    @Test
    @DisplayName("A-CLI curl resumes a download and an upload")
    void resumes() throws Exception {
        Path whole = Program.file(local("whole"), 2 * MIB);
        byte[] bytes = Files.readAllBytes(whole);
        write("file", bytes);
        Files.write(local("part"), Arrays.copyOf(bytes, 777_777));
        curl("-C", "-", "-o", "part", explicitUrl("file")).run().ok();
        assertSame(whole, local("part"));
        write("upload", Arrays.copyOf(bytes, 555_555));
        curl("-C", "-", "-T", "whole", explicitUrl("upload")).run().ok();
        assertSame(whole, file("upload"));
    }

    @Test
    @DisplayName("A-XFER-31 curl fetches a range, and that is no error on the server")
    void range() throws Exception {
        byte[] bytes = bytes(64 * MIB);
        write("big", bytes);
        curl("-r", "0-99", "-o", "range", explicitUrl("big")).run().ok();
        assertEquals(-1, Arrays.mismatch(Files.readAllBytes(local("range")), Arrays.copyOf(bytes, 100)));
        curl("-r", "1000000-1000999", "-o", "range", explicitUrl("big")).run().ok();
        assertEquals(
                -1,
                Arrays.mismatch(Files.readAllBytes(local("range")), Arrays.copyOfRange(bytes, 1_000_000, 1_001_000)));
        Await.until(
                "both sessions have ended",
                () -> server.jsonLog()
                                .lines()
                                .filter(line ->
                                        line.contains("\"Disconnected\"") && line.contains('"' + account.name() + '"'))
                                .count()
                        == 2);
        assertTrue(server.errors().lines().noneMatch(line -> line.contains(" ERROR ")), server::errors);
    }

    @Test
    @DisplayName("A-CLI curl sends quoted commands before and after a transfer")
    void quotes() throws Exception {
        write("ten", TEN);
        curl(
                        "-Q",
                        "MKD made",
                        "-Q",
                        "-RNFR ten",
                        "-Q",
                        "-RNTO made/eleven",
                        "-Q",
                        "-SITE CHMOD 600 made/eleven",
                        "-o",
                        "got",
                        explicitUrl("ten"))
                .run()
                .ok();
        assertTrue(Files.exists(file("made/eleven")));
        assertEquals(
                java.util.Set.of(
                        java.nio.file.attribute.PosixFilePermission.OWNER_READ,
                        java.nio.file.attribute.PosixFilePermission.OWNER_WRITE),
                Files.getPosixFilePermissions(file("made/eleven")));
    }

    @Test
    @DisplayName("A-CLI curl lists a thousand entries, long and by name")
    void lists() throws Exception {
        for (int i = 0; i < 1000; i++) {
            write(String.format("f%04d", i), "");
        }
        List<String> names =
                curl("-l", explicitUrl("")).run().ok().output().lines().sorted().toList();
        assertEquals(1000, names.size());
        assertEquals("f0999", names.get(999));
        assertEquals(
                1000,
                curl(explicitUrl(""))
                        .run()
                        .ok()
                        .output()
                        .lines()
                        .filter(line -> line.matches("-rw.* f\\d{4}"))
                        .count());
    }

    @Test
    @DisplayName("A-CLI curl reads time and size of a file with -I")
    void head() throws Exception {
        Files.setLastModifiedTime(
                write("ten", TEN),
                java.nio.file.attribute.FileTime.from(java.time.Instant.parse("2024-02-29T12:34:56Z")));
        curl("-I", explicitUrl("ten"))
                .run()
                .ok()
                .containing("Content-Length: 10")
                .containing("Last-Modified: Thu, 29 Feb 2024 12:34:56 GMT");
    }

    @Test
    @DisplayName("A-CLI curl tells missing files, wrong passwords and unencrypted logins from each other")
    void errors() throws Exception {
        curl("-o", "x", explicitUrl("missing")).run().exits(78);
        curl("--user", account.name() + ":wrong", explicitUrl("")).run().exits(67);
        Program.of(work, "curl", "-sS", "--user", account.name() + ":" + account.password(), explicitUrl(""))
                .run()
                .exits(67);
        Program.of(work, "curl", "-sS", "--ssl-reqd", "--user", "x:y", explicitUrl(""))
                .run()
                .exits(60);
    }
}
