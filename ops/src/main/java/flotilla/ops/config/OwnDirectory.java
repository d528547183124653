package flotilla.ops.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks a directory that a command finds in the working directory. Others may write in a working directory such as
 * {@code /tmp}. A database or a socket that they put there could make a command run their code, or send them a
 * password.
 */
public final class OwnDirectory {
    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final int WRITABLE_BY_OTHERS = 0002;

    private OwnDirectory() {}

    /**
     * Returns why {@code directory} cannot be trusted. It is empty when the directory is this user's own and closed to
     * others, or does not exist.
     */
    public static Optional<String> problem(Path directory) {
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (!isOwn(directory, LinkOption.NOFOLLOW_LINKS) || Files.exists(directory) && !isOwn(directory)) {
                return Optional.of(directory + " belongs to another user ("
                        + Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName()
                        + "): what is in there could act as you. If you trust it, name it by its absolute path; or give the command as"
                        + " that user");
            }
            return Files.exists(directory) && (mode(directory) & WRITABLE_BY_OTHERS) != 0
                    ? Optional.of("every user may write in " + directory + ": chmod o-w " + directory)
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.of("the owner of " + directory + " cannot be found out: " + e.getMessage());
        }
    }

    private static boolean isOwn(Path path, LinkOption... options) throws IOException {
        if (Files.exists(THIS_PROCESS)) { // Linux; in a container the user may have no name
            return Files.getAttribute(path, "unix:uid", options).equals(Files.getAttribute(THIS_PROCESS, "unix:uid"));
        }
        return Files.getOwner(path, options).getName().equals(System.getProperty("user.name"));
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode");
    }
}
