package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LIST -R and NLST -R where they are allowed. */
@WithServer({
    "flotilla.protocol.recursive-listings=true",
    "flotilla.limits.recursion-depth=5",
    "flotilla.limits.recursion-entries=50"
})
class RecursiveListingTest extends Client {
    private void makeTree() throws Exception {
        Files.createDirectories(file("a b/ç"));
        write("a b/ç/deep", TEN);
        write("top", TEN);
    }

    @Test
    @DisplayName("A-CLI lftp lists a tree (ls -R)")
    void lists() throws Exception {
        makeTree();
        String script =
                "set cmd:fail-exit true; set ftp:ssl-force true; set ssl:ca-file " + server.certificate() + "\nopen -u "
                        + account.name() + "," + account.password() + " " + explicitUrl("") + "\nls -R\nnlist -R\n";
        Program.Result result =
                Program.of(work, "lftp", "--norc", "-c", script).run().ok();
        List<String> lines = result.output().lines().toList();
        assertTrue(lines.containsAll(List.of(".:", "./a b:", "./a b/ç:", "deep", "top")), result::output);
        assertEquals(2, lines.stream().filter("./a b/ç:"::equals).count());
        assertTrue(lines.stream().anyMatch(line -> line.matches("-rw.* 10 .* deep")), result::output);
    }

    @Test
    @DisplayName("a link that leads back is shown and not followed again")
    void loops() throws Exception {
        makeTree();
        Files.createSymbolicLink(file("a b/back"), Path.of(".."));
        Files.createSymbolicLink(file("a b/self"), Path.of("."));
        assertEquals(
                List.of("", "", "./a b/ç:", "./a b:", ".:", "a b", "back", "deep", "self", "top", "ç"),
                login().listing("NLST -R").stream().sorted().toList());
    }

    private static int cut(FtpDriver ftp) throws Exception {
        try (DataChannel data = ftp.transfer("LIST -R")) {
            data.readAll();
        } catch (IOException closedByServer) {
            // The server ends the connection where the listing stops.
        }
        return ftp.reply().code();
    }

    @Test
    @DisplayName("A-SEC-02 a tree that is too deep or too large is never acknowledged as whole")
    void limits() throws Exception {
        Files.createDirectories(file("1/2/3/4/5"));
        FtpDriver ftp = login();
        assertEquals(
                6,
                ftp.listing("LIST -R").stream()
                        .filter(line -> line.endsWith(":"))
                        .count());
        Files.createDirectories(file("1/2/3/4/5/6"));
        assertEquals(552, cut(ftp));
        Files.delete(file("1/2/3/4/5/6"));
        for (int i = 0; i < 45; i++) {
            write("f" + i, "");
        }
        ftp.listing("LIST -R");
        write("g", "");
        assertEquals(552, cut(ftp));
        assertFalse(ftp.listing("LIST").isEmpty());
    }
}
