package flotilla.ops.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The address of a server for programs of its own user, and of root, on this machine. It lies in a file that no other
 * user can read.
 *
 * @param url URL of the listener
 * @param token token that the listener accepts
 * @param certificate file of the listener's certificate; empty without TLS
 */
public record LocalAddress(String url, String token, Optional<Path> certificate) {
    private static final int LINES = 3;

    /** Returns the file for the listener of commands. Every server has one. */
    public static Path control(Path dataDir) {
        return dataDir.resolve("run").resolve("control");
    }

    /** Returns the file for the admin API. A server without the API has none. */
    public static Path admin(Path dataDir) {
        return dataDir.resolve("run").resolve("admin");
    }

    /**
     * Reads a file; empty when there is none.
     *
     * @throws IOException when it is incomplete or cannot be read
     */
    public static Optional<LocalAddress> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < LINES) {
            throw new IOException(file + " is not complete: is the server starting or stopping?");
        }
        String certificate = lines.get(2);
        return Optional.of(new LocalAddress(
                lines.get(0),
                lines.get(1),
                certificate.isEmpty() ? Optional.empty() : Optional.of(Path.of(certificate))));
    }

    /** Writes the file in one step, for the server's user only. */
    public void write(Path file) throws IOException {
        PrivateFile.write(
                file,
                url + "\n" + token + "\n" + certificate.map(Path::toString).orElse("") + "\n");
    }

    /** Omits the token. */
    @Override
    public String toString() {
        return "LocalAddress[" + url + "]";
    }
}
