package flotilla.ops.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Files that only the server's user can read. */
public final class PrivateFile {
    private static final String ROOT = "root";
    private static final Integer ONE = 1;

    private PrivateFile() {}

    /**
     * Writes a file in one step. A reader sees all of the old text or all of the new one. Root gives it to the owner of
     * the old file, or of the directory, so that a server with a user of its own can read it.
     */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8), PosixFilePermissions.fromString("rw-------"));
    }

    /** Writes a file in one step as {@link #write(Path, String)} does, with a mode that others may read, perhaps. */
    public static void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(
                directory,
                String.valueOf(file.getFileName()),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(temporary, bytes);
            give(temporary, Files.getOwner(Files.exists(file) ? file : directory));
            Files.setPosixFilePermissions(temporary, mode);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Gives a file to the owner of its directory, where this process may: it is root, and the server is not. */
    public static void giveToOwnerOfDirectory(Path file) throws IOException {
        give(file, Files.getOwner(file.toAbsolutePath().getParent()));
    }

    /** Gives a file to the owner of another one, where this process may: it is root, and that owner is not. */
    public static void giveToOwnerOf(Path file, Path other) throws IOException {
        give(file, Files.getOwner(other));
    }

    private static void give(Path file, UserPrincipal owner) throws IOException {
        // no link of any kind: the owner of the directory could let one lead to a file of root
        FileOwnerAttributeView view =
                Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (ROOT.equals(System.getProperty("user.name"))
                && !view.getOwner().equals(owner)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && ONE.equals(Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS))) {
            view.setOwner(owner);
        }
    }
}
