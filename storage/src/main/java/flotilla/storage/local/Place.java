package flotilla.storage.local;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a path led: a name in an open directory, and what had it when the walk came by.
 *
 * @param parent the open directory
 * @param above the names from the root to {@code parent}
 * @param name the name in it, or {@code .} for itself
 * @param found what has the name, a link not followed; empty when it is free
 */
record Place(Directory parent, List<Path> above, Path name, Optional<PosixFileAttributes> found)
        implements AutoCloseable {
    PosixFileAttributes attributes() throws StorageException {
        return found.orElseThrow(() -> Failures.refusal(Reason.NOT_FOUND, name));
    }

    boolean isFree() {
        return found.isEmpty();
    }

    boolean isLink() {
        return found.isPresent() && found.get().isSymbolicLink();
    }

    boolean isDirectory() {
        return found.isPresent() && found.get().isDirectory();
    }

    /** The attributes of a regular file. */
    PosixFileAttributes file() throws StorageException {
        PosixFileAttributes attributes = attributes();
        if (attributes.isDirectory()) {
            throw Failures.refusal(Reason.IS_A_DIRECTORY, name);
        }
        if (!attributes.isRegularFile()) {
            throw Failures.refusal(Reason.NOT_A_FILE, name);
        }
        return attributes;
    }

    /** The names from the root to here. */
    List<Path> names() {
        List<Path> names = new ArrayList<>(above);
        if (!name.equals(Directory.self())) {
            names.add(name);
        }
        return names;
    }

    /** The directory that has the name. */
    Directory open() throws IOException, StorageException {
        attributes();
        return parent.open(name);
    }

    @Override
    public void close() {
        parent.close();
    }
}
