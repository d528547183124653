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
 * A small text beside the marker in a storage root, which nodes change one at a time. A file system compares nothing,
 * so two that change it in the same millisecond may both believe that they did; whoever reads it next sees one of them.
 */
public final class RootRecord {
    /** Longest text, in bytes. */
    public static final int MAX_BYTES = 16 << 10;

    private final Path file;
    private final Path temporary;
    private final Path aside;

    /**
     * @param name what the file's name ends with
     */
    public RootRecord(Path root, String name) {
        file = root.resolve(ReservedNames.MARKER + '.' + name);
        String id = UUID.randomUUID().toString();
        temporary = root.resolve(file.getFileName() + "." + id);
        aside = root.resolve(file.getFileName() + "." + id + ".old");
    }

    /** The text; empty when there is none. */
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

    /** Makes the record if there is none; false when there is one. */
    public boolean create(String text) throws IOException {
        try {
            Files.writeString(temporary, text);
            return link(file, temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Writes {@code next} if the record is {@code seen}; false when it is not. */
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

    /** Removes the record if it is {@code seen}; false when it is not. Of several that do so at once one does it. */
    public boolean remove(String seen) throws IOException {
        if (!read().equals(Optional.of(seen))) {
            return false;
        }
        try {
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
            if (read(aside).equals(Optional.of(seen))) {
                return true;
            }
            link(file, aside); // somebody else's, made since
            return false;
        } catch (NoSuchFileException another) {
            return false;
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /** Gives a complete file another name as well, unless that is taken. */
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
