package flotilla.ops.backup;

import flotilla.ops.backup.Manifest.Entry;
import flotilla.ops.backup.Manifest.Role;
import flotilla.ops.local.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of an archive next to the one that is there.
 *
 * @param state what restoring it would do
 */
public record RestoredFile(Path path, Role role, State state, int mode, byte[] bytes) {
    /** What restoring a file would do. */
    public enum State {
        NEW,
        CHANGED,
        SAME
    }

    /**
     * Compares all files of an archive with those that are there, the configuration last. Writes nothing.
     *
     * @throws IOException when one that is there cannot be read, or is no file
     */
    public static List<RestoredFile> of(Archive archive) throws IOException {
        List<RestoredFile> files = new java.util.ArrayList<>();
        for (Entry entry : archive.manifest().entries()) {
            if (entry.role().isFile()) {
                byte[] bytes = Optional.ofNullable(archive.contents().get(entry.name()))
                        .orElseThrow();
                Path path = Path.of(entry.path());
                files.add(new RestoredFile(path, entry.role(), state(path, bytes), entry.mode(), bytes));
            }
        }
        files.sort(Comparator.comparing(RestoredFile::role));
        return files;
    }

    private static State state(Path path, byte[] bytes) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a directory, and a file in the archive");
        }
        try {
            boolean isSame = Files.size(path) == bytes.length && Arrays.equals(Files.readAllBytes(path), bytes);
            return isSame ? State.SAME : State.CHANGED;
        } catch (NoSuchFileException e) {
            return State.NEW;
        }
    }

    /** Returns the name of the old file, which {@link #write} keeps. */
    public Path old() {
        return path.resolveSibling(path.getFileName() + ".old");
    }

    /** Writes the file in one step. One that differs is kept as {@link #old}. */
    public void write() throws IOException {
        if (state == State.SAME) {
            return;
        }
        if (state == State.CHANGED) {
            Files.copy(path, old(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            PrivateFile.giveToOwnerOf(old(), path);
        }
        PrivateFile.write(path, bytes, permissions());
    }

    private Set<PosixFilePermission> permissions() {
        if (role == Role.KEY || role == Role.TOKENS) {
            return PosixFilePermissions.fromString("rw-------");
        }
        return PosixFilePermissions.fromString(mode == 0644 ? "rw-r--r--" : mode == 0640 ? "rw-r-----" : "rw-------");
    }
}
