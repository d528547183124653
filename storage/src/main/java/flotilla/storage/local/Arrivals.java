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

/**
 * Moving things to names that must be free. Java has no RENAME_NOREPLACE: a file takes the name by creating an empty
 * one there first, which only one can do. A directory cannot; it is looked for and moved under a lock that holds in
 * this process, and beyond it the kernel still refuses to replace anything but an empty directory.
 */
final class Arrivals {
    private final Object directoryArrives = new Object();

    /** Moves anything but a directory. */
    void moveFile(Directory from, Path name, Directory to, Path freeName) throws IOException {
        to.create(freeName, 0600).close();
        boolean moved = false;
        try {
            from.move(name, to, freeName);
            moved = true;
        } finally {
            if (!moved) {
                to.deleteFileIfPresent(freeName);
            }
        }
    }

    void moveDirectory(Directory from, Path name, Directory to, Path freeName) throws IOException, StorageException {
        synchronized (directoryArrives) {
            if (to.find(freeName).isPresent()) {
                throw Failures.refusal(Reason.ALREADY_EXISTS, freeName);
            }
            from.move(name, to, freeName);
        }
    }

    /** Moves a part to its final name, into another file system too, where it still appears all at once. */
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

    private void move(Directory from, Path name, Directory to, Path newName, boolean exclusive) throws IOException {
        if (exclusive) {
            moveFile(from, name, to, newName);
        } else {
            from.move(name, to, newName);
        }
    }

    /** A name that no listing shows and no client can use. */
    static Path hiddenName() {
        return Path.of(ReservedNames.PARTS + "." + Parts.randomName());
    }

    /** Copies the first {@code length} bytes. */
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
