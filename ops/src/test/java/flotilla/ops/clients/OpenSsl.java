package flotilla.ops.clients;

import java.nio.file.Path;

/** The openssl program, run in a directory. */
public final class OpenSsl {
    private final Path directory;

    public OpenSsl(Path directory) {
        this.directory = directory;
    }

    /** Runs a command that writes {@code file}. */
    public Path run(String file, String... arguments) throws Exception {
        Program.of(directory, "openssl").with(arguments).run().ok();
        return directory.resolve(file);
    }
}
