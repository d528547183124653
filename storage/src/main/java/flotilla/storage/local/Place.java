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
 * The end of a walk: a name in an open directory, and the object that had this name during the walk.
 *
 * @param parent the open directory
 * @param above the names from the root to {@code parent}
 * @param name the name in it, or {@code .} for itself
 * @param found attributes of the object, without following a link; empty when the name is free
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

    /**
     * Returns the attributes of a regular file.
     *
     * @throws StorageException {@code NOT_FOUND}, {@code IS_A_DIRECTORY} or {@code NOT_A_FILE} when it is none
     */
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

    /** Returns the names from the root to here. */
    List<Path> names() {
        List<Path> names = new ArrayList<>(above);
        if (!name.equals(Directory.self())) {
            names.add(name);
        }
        return names;
    }

    /**
     * Opens the directory at this place.
     *
     * @throws StorageException {@code NOT_FOUND} or {@code NOT_A_DIRECTORY} when there is none
     */
    Directory open() throws IOException, StorageException {
        attributes();
        return parent.open(name);
    }

    @Override
    public void close() {
        parent.close();
    }
}
