package flotilla.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The passphrase of a backup. It never comes from the command line, because other users can see that. */
final class PassphraseOption {
    private static final int LONGEST = 4096;
    private static final int SHORTEST = 12;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "File whose first line is the passphrase, of at least 12 characters. It seals the archive.")
    private @Nullable Path file;

    Optional<String> read() throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            String line = new String(in.readNBytes(LONGEST + 1), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            if (line.length() < SHORTEST || line.length() > LONGEST) {
                throw new IllegalStateException("the first line of " + file + " must be a passphrase of " + SHORTEST
                        + " to " + LONGEST + " characters");
            }
            return Optional.of(line);
        }
    }
}
