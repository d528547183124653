package flotilla.cluster.accounts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file of an embedded database from other users of the machine, since it holds password hashes. H2 itself
 * creates the file with the umask's permissions.
 */
final class PrivateDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateDatabase.class);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private PrivateDatabase() {}

    /** Makes an existing file private, and warns if it was not. */
    static void closeOld(Path file) {
        if (Files.exists(file) && close(file)) {
            LOG.warn(
                    "the user database {} was open to other users of this machine; it is mode 0600 now. Change the passwords if"
                            + " somebody may have read it",
                    file);
        }
    }

    /** Makes a new file private, before anything is written to it. */
    static void closeNew(Path file) {
        if (Files.exists(file)) {
            close(file);
        }
    }

    /** Sets the mode 0600. Returns whether the file was open to others before. */
    private static boolean close(Path file) {
        try {
            if (PRIVATE.containsAll(Files.getPosixFilePermissions(file))) {
                return false;
            }
            Files.setPosixFilePermissions(file, PRIVATE);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn(
                    "other users of this machine may be able to read the user database {}: its mode cannot be set: {}",
                    file,
                    e.toString());
            return false;
        }
    }
}
