package flotilla.storage.local;

import flotilla.storage.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import java.util.Objects;

/** Tells FIFOs, sockets and devices apart. The JDK shows their type by path only, not through an open directory. */
final class SpecialFiles {
    /** S_IFMT and its values, inode(7): the same on every Unix. */
    private static final int FORMAT = 0170000;

    private static final Map<Integer, Entry.Type> TYPES = Map.of(
            0010000, Entry.Type.FIFO,
            0140000, Entry.Type.SOCKET,
            0020000, Entry.Type.CHARACTER_DEVICE,
            0060000, Entry.Type.BLOCK_DEVICE);

    private SpecialFiles() {}

    /**
     * Returns the type of the object at {@code path}. It is {@code OTHER} if the object is not {@code seen} any more.
     * Opens nothing.
     */
    static Entry.Type type(Path path, PosixFileAttributes seen) {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:mode,fileKey", LinkOption.NOFOLLOW_LINKS);
            return Objects.equals(found.get("fileKey"), seen.fileKey()) && found.get("mode") instanceof Integer mode
                    ? TYPES.getOrDefault(mode & FORMAT, Entry.Type.OTHER)
                    : Entry.Type.OTHER;
        } catch (IOException | RuntimeException e) {
            return Entry.Type.OTHER;
        }
    }
}
