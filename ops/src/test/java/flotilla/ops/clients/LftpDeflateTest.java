package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** lftp, which uses MODE Z by itself where FEAT lists it. */
@WithServer("flotilla.protocol.mode-z=true")
class LftpDeflateTest extends Client {
    private Program.Result lftp(String commands) throws Exception {
        String script = "debug 5; set cmd:fail-exit true; set ftp:ssl-force true; set net:max-retries 1;"
                + "set net:timeout 20; set ftp:mode-z-level 9; set xfer:clobber true; set ssl:ca-file "
                + server.certificate() + "\nopen -u " + account.name() + "," + account.password() + " "
                + explicitUrl("") + "\n" + commands + "\n";
        Program.Result result =
                Program.of(work, "lftp", "--norc", "-c", script).run().ok();
        return result.containing("MODE Z").containing("200 Mode is deflate.");
    }

    private Path text(String name, int lines) throws Exception {
        Files.createDirectories(local(name).getParent());
        return Files.write(
                local(name),
                IntStream.range(0, lines)
                        .mapToObj(line -> line + " all work and no play makes jack a dull boy")
                        .toList());
    }

    @Test
    @DisplayName("A-CLI lftp with MODE Z puts, gets, lists and mirrors")
    void movesFiles() throws Exception {
        Path noise = Program.file(local("noise"), 3 * MIB + 1);
        Path words = text("words", 50_000);
        Path empty = Files.createFile(local("empty"));
        for (int i = 0; i < 4; i++) {
            text("tree/d" + i % 2 + "/f" + i, 1 + 1000 * i);
        }
        lftp("put noise\nput words\nput empty\ncls -l\nget noise -o n\nget words -o w\nget empty -o e\n"
                        + "mirror -R tree up\nmirror --parallel=3 up down")
                .containing("words");
        assertSame(noise, file("noise"));
        assertSame(noise, local("n"));
        assertSame(words, file("words"));
        assertSame(words, local("w"));
        assertSame(empty, file("empty"));
        assertSame(empty, local("e"));
        for (int i = 0; i < 4; i++) {
            assertSame(local("tree/d" + i % 2 + "/f" + i), local("down/d" + i % 2 + "/f" + i));
        }
    }

    @Test
    @DisplayName("A-CLI lftp with MODE Z resumes downloads and uploads (reget, reput, pget)")
    void resumes() throws Exception {
        Path whole = Program.file(local("whole"), 2 * MIB);
        byte[] bytes = Files.readAllBytes(whole);
        write("file", bytes);
        Files.write(local("file"), Arrays.copyOf(bytes, 1_234_567));
        write("whole", Arrays.copyOf(bytes, 765_432));
        Program.Result result = lftp("reget file\nreput whole\npget -n 3 file -o parts");
        assertTrue(result.output().contains("REST 1234567"), result::output);
        assertSame(whole, local("file"));
        assertSame(whole, file("whole"));
        assertSame(whole, local("parts"));
    }
}
