package flotilla.ops.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

    /**
     * Gives the files in the directory to its owner, after a command of root has written there. A database of root would
     * keep the server from starting. Directories are left as they are.
     */
    public static void giveFilesToOwner(Path dataDir) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dataDir)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    PrivateFile.giveToOwnerOfDirectory(file);
                }
            }
        }
    }
}
