package flotilla.ops.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Creates the server's data directory. */
public final class DataDirectory {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private DataDirectory() {}

    /** Creates the directory for the server's user only. An existing one does not change. */
    public static void make(Path dataDir) throws IOException {
        Path absolute = dataDir.toAbsolutePath();
        if (!Files.isDirectory(absolute)) {
            Path parent = absolute.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(PRIVATE));
        }
    }
}
