package flotilla.storage.local;

import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;

/**
 * Moves objects to names that must be free. Java has no RENAME_NOREPLACE, so the name is checked and taken under a lock
 * of this process. Nodes exclude each other by the lock of the name ({@link flotilla.storage.StorageBackend#lockName}).
 * Nothing excludes another program that creates a file of that name in the instant between.
 */
final class Arrivals {
    private static final int STRIPES = 64;

    private final Object[] arrives = new Object[STRIPES];

    Arrivals() {
        Arrays.setAll(arrives, stripe -> new Object());
    }

    /**
     * Moves a file or directory to a free name.
     *
     * @throws StorageException {@code ALREADY_EXISTS} when the name is taken
     */
    void moveToFree(Directory from, Path name, Directory to, Path freeName) throws IOException, StorageException {
        synchronized (arrives[Math.floorMod(freeName.hashCode(), STRIPES)]) {
            if (to.find(freeName).isPresent()) {
                throw Failures.refusal(Reason.ALREADY_EXISTS, freeName);
            }
            from.move(name, to, freeName);
        }
    }

    /**
     * Moves a part to its final name. If that is on another file system, the file still appears all at once.
     *
     * @param exclusive whether the final name must be free
     * @param durable whether a copy must be on disk before it gets the name
     */
    void movePart(Directory parts, Path part, Directory to, Path name, boolean exclusive, boolean durable)
            throws IOException, StorageException {
        try {
            move(parts, part, to, name, exclusive);
        } catch (AtomicMoveNotSupportedException e) {
            moveCopy(parts, part, to, name, exclusive, durable);
        }
    }

    /** Copies the part under a hidden name beside the final one and moves it from there. */
    void moveCopy(Directory parts, Path part, Directory to, Path name, boolean exclusive, boolean durable)
            throws IOException, StorageException {
        Path temporary = hiddenName();
        PosixFileAttributes attributes = parts.attributes(part);
        boolean moved = false;
        try (FileChannel source = parts.openFile(part, attributes, StandardOpenOption.READ);
                FileChannel copy = to.create(temporary, Entries.mode(attributes))) {
            copy(source, copy, attributes.size());
            if (durable) {
                copy.force(true);
            }
            move(to, temporary, to, name, exclusive);
            moved = true;
        } finally {
            if (!moved) {
                to.deleteFileIfPresent(temporary);
            }
        }
        parts.deleteFileIfPresent(part);
    }

    private void move(Directory from, Path name, Directory to, Path newName, boolean exclusive)
            throws IOException, StorageException {
        if (exclusive) {
            moveToFree(from, name, to, newName);
        } else {
            from.move(name, to, newName);
        }
    }

    /** Returns a new name that no listing shows and no client can use. */
    static Path hiddenName() {
        return Path.of(ReservedNames.PARTS + "." + Parts.randomName());
    }

    /**
     * Copies the first {@code length} bytes.
     *
     * @throws StorageException {@code CHANGED} when the source has become shorter
     */
    static void copy(FileChannel source, FileChannel target, long length) throws IOException, StorageException {
        long copied = 0;
        while (copied < length) {
            long count = source.transferTo(copied, length - copied, target);
            if (count <= 0) {
                throw Failures.refusal(Reason.CHANGED, "a file became shorter while it was copied");
            }
            copied += count;
        }
    }
}
