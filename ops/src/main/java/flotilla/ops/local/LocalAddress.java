package flotilla.ops.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where programs of the server's own user, and of root, find it on this machine. It lies in a file that nobody else can
 * read.
 *
 * @param url what it answers at
 * @param token what it lets in
 * @param certificate the file of the certificate that it shows; empty without TLS
 */
public record LocalAddress(String url, String token, Optional<Path> certificate) {
    private static final int LINES = 3;

    /** The file of the control listener, which every server has. */
    public static Path control(Path dataDir) {
        return dataDir.resolve("run").resolve("control");
    }

    /** The file of the admin API; a server without one has none. */
    public static Path admin(Path dataDir) {
        return dataDir.resolve("run").resolve("admin");
    }

    /**
     * Reads a file; empty when there is none.
     *
     * @throws IOException when it is not complete or cannot be read
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

    /** Writes it as a whole, for the server's user only. */
    public void write(Path file) throws IOException {
        PrivateFile.write(
                file,
                url + "\n" + token + "\n" + certificate.map(Path::toString).orElse("") + "\n");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "LocalAddress[" + url + "]";
    }
}
