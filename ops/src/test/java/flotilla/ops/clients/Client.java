package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.ops.e2e.EndToEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Gives the tests of client programs a directory to work in, next to the user's home on the server. */
abstract class Client extends EndToEnd {
    static final int MIB = 1 << 20;

    @TempDir
    Path work;

    Path local(String name) {
        return work.resolve(name);
    }

    String explicitUrl(String path) {
        return "ftp://127.0.0.1:" + server.explicitPort() + "/" + path;
    }

    String implicitUrl(String path) {
        return "ftps://127.0.0.1:" + server.implicitPort() + "/" + path;
    }

    static void assertSame(Path expected, Path actual) throws IOException {
        assertEquals(-1, Files.mismatch(expected, actual), () -> expected + " and " + actual + " differ");
    }
}
