package flotilla.ops.setup;

import flotilla.ops.local.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Puts a first configuration in place, with the certificates and keys beside it, for the server's user to read. */
final class ConfigFile {
    /** A line of the file that the package brings. Such a file is replaced without a question. */
    private static final String REPLACEABLE = "# flotilla init writes another file in place of this one.";

    private final Path file;
    private final Path dataDir;

    /** @param dataDir its owner becomes the owner of the files, where it exists */
    ConfigFile(Path file, Path dataDir) {
        this.file = file;
        this.dataDir = dataDir;
    }

    /** Returns the directory of a file. */
    static Path directoryOf(Path file) {
        return file.toAbsolutePath().normalize().resolveSibling("");
    }

    /**
     * Checks whether the file may be written.
     *
     * @throws IOException when another one is there
     */
    static void require(Path file, boolean force) throws IOException {
        if (!force && Files.exists(file) && !Files.readString(file).contains(REPLACEABLE)) {
            throw new IOException(file + " is there already; --force replaces it and keeps it as "
                    + former(file).getFileName());
        }
    }

    /** Writes a file that only the server's user may read. The file that was there stays, with another name. */
    void place(Path target, String text) throws IOException {
        if (Files.exists(target)) {
            Files.copy(target, former(target), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
        PrivateFile.write(target, text);
        give(target);
    }

    /** Writes the configuration itself. */
    void write(String text) throws IOException {
        place(file, text);
    }

    /** Gives a file to the server's user. */
    void give(Path target) throws IOException {
        if (Files.exists(dataDir)) {
            PrivateFile.giveToOwnerOf(target, dataDir);
        }
    }

    private static Path former(Path file) {
        return file.resolveSibling(file.getFileName() + ".old");
    }
}
