package flotilla.ops.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.FtpDriver;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Unusual names and kinds of entries, created by a shell on the server. */
class NamesTest extends Client {
    /** Names in the form of URIs: Latin 1, a line end, a literal escape. */
    private static final List<String> NAMES = List.of("M%FCller.txt", "a%0D%0Ab", "%25xFF");

    private static final List<String> SHOWN = List.of("M%xFCller.txt", "a%x0D%x0Ab", "%x25xFF");

    @BeforeEach
    void make() throws Exception {
        Files.createDirectories(raw("d%E9"));
        for (String name : NAMES) {
            Files.writeString(raw("d%E9/" + name), name);
        }
        Files.createSymbolicLink(raw("d%E9/nowhere"), Path.of("no", "where"));
        Fifo.make(file("fifo"));
        Files.move(file("fifo"), raw("d%E9/fifo"));
        Files.createSymbolicLink(raw("d%E9/%E2%80%AE"), Path.of("M"));
    }

    private Path raw(String name) {
        return Path.of(URI.create(file(".").normalize().toUri().toString() + name));
    }

    @Test
    @DisplayName("A-CLI lftp mirrors, and removes, a tree of names that are not UTF-8")
    void lftp() throws Exception {
        String script = "set cmd:fail-exit true; set ftp:ssl-force true; set net:max-retries 1; set net:timeout 20;"
                + "set ssl:ca-file " + server.certificate() + "\nopen -u " + account.name() + "," + account.password()
                + " "
                + explicitUrl("")
                + "\ncls -a d%xE9\nls d%xE9\nrm d%xE9/nowhere\nrm d%xE9/fifo\nmirror d%xE9 got\nrm -r d%xE9\n";
        Program.of(work, "lftp", "--norc", "-c", script)
                .run()
                .ok()
                .containing("lrwxrwxrwx")
                .containing("prw");
        for (int i = 0; i < NAMES.size(); i++) {
            assertEquals(NAMES.get(i), Files.readString(local("got/" + SHOWN.get(i))));
        }
        assertTrue(Files.notExists(raw("d%E9")));
    }

    @Test
    @DisplayName("A-CLI curl fetches and replaces a name that is not UTF-8")
    void curl() throws Exception {
        String url = explicitUrl("d%25xE9/M%25xFCller.txt");
        curl("-o", "got", url);
        curl("-T", Program.file(local("sent"), 1000).toString(), url);
        assertEquals(NAMES.get(0), Files.readString(local("got")));
        assertSame(local("sent"), raw("d%E9/M%FCller.txt"));
    }

    private void curl(String... arguments) throws Exception {
        String login = account.name() + ":" + account.password();
        String authority = server.certificate().toString();
        Program.of(work, "curl", "-sS", "--fail", "--ssl-reqd", "--cacert", authority, "--user", login)
                .with(arguments)
                .run()
                .ok();
    }

    @Test
    @DisplayName("A-CLI ftplib lists, reads, renames and removes all of a directory")
    void python() throws Exception {
        Program.script(
                        work,
                        "python3",
                        "ftplib_names.py",
                        String.valueOf(server.explicitPort()),
                        account.name(),
                        account.password(),
                        server.certificate().toString())
                .run()
                .ok()
                .containing("all good");
        assertTrue(Files.notExists(raw("d%E9")));
    }

    @Test
    @DisplayName("Entries that are no files are shown as what they are, in LIST, MLSD, MLST and STAT")
    void kinds() throws Exception {
        FtpDriver ftp = login();
        String listed = String.join("|", ftp.listing("LIST d%xE9"));
        assertTrue(listed.contains("|prw"), listed);
        assertTrue(listed.contains("|lrwxrwxrwx"), listed);
        assertTrue(String.join("|", ftp.command("STAT d%xE9").lines()).contains("| prw"));
        String facts = String.join("|", ftp.listing("MLSD d%xE9")) + "|";
        assertTrue(facts.contains("type=OS.unix=fifo;"), facts);
        assertTrue(facts.contains("type=OS.unix=symlink;"), facts);
        ftp.command("MLST d%xE9/nowhere").containing("type=OS.unix=symlink;");
        assertTrue(facts.contains(" \u202e|"), facts);
        ftp.epsvPort();
        assertEquals(553, ftp.command("STOR d%xE9/new%xFF").code());
        assertEquals(553, ftp.command("MKD d%xE9/new%x0A").code());
        assertEquals(350, ftp.command("RNFR d%xE9/fifo").code());
        assertEquals(553, ftp.command("RNTO d%xE9/new%x0A").code());
        assertArrayEquals("%25xFF".getBytes(UTF_8), ftp.fetch("RETR d%xE9/%x25xFF"));
    }
}
