package flotilla.storage.local;

import flotilla.storage.ReservedNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * A small text beside the marker in a storage root, which nodes change one at a time. A file system has no
 * compare-and-set, so two nodes that change it in the same millisecond may both believe that they did. The next reader
 * sees one of both texts.
 */
public final class RootRecord {
    /** Longest text, in bytes. */
    public static final int MAX_BYTES = 16 << 10;

    private final Path file;
    private final Path temporary;
    private final Path aside;

    /**
     * Creates the access to a record.
     *
     * @param name end of the file's name
     */
    public RootRecord(Path root, String name) {
        file = root.resolve(ReservedNames.MARKER + '.' + name);
        String id = UUID.randomUUID().toString();
        temporary = root.resolve(file.getFileName() + "." + id);
        aside = root.resolve(file.getFileName() + "." + id + ".old");
    }

    /** Returns the text; empty when there is none. */
    public Optional<String> read() throws IOException {
        return read(file);
    }

    private static Optional<String> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /**
     * Creates the record if there is none.
     *
     * @return false when there is one
     */
    public boolean create(String text) throws IOException {
        try {
            Files.writeString(temporary, text);
            return link(file, temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Writes {@code next} if the text is {@code seen}.
     *
     * @return false when it is not
     */
    public boolean renew(String seen, String next) throws IOException {
        if (!read().equals(Optional.of(seen))) {
            return false;
        }
        try {
            Files.writeString(temporary, next);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return true;
    }

    /**
     * Removes the record if its text is {@code seen}. If several nodes do so at once, one of them succeeds.
     *
     * @return false when the text is another one, or another node has removed it
     */
    public boolean remove(String seen) throws IOException {
        if (!read().equals(Optional.of(seen))) {
            return false;
        }
        try {
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
            if (read(aside).equals(Optional.of(seen))) {
                return true;
            }
            link(file, aside); // the record of another node, written since
            return false;
        } catch (NoSuchFileException another) {
            return false;
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /** Gives a complete file a second name, unless the name is taken. */
    private static boolean link(Path name, Path complete) throws IOException {
        try {
            Files.createLink(name, complete);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            return move(name, complete);
        }
    }

    private static boolean move(Path name, Path complete) throws IOException {
        try {
            Files.move(complete, name);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }
}
