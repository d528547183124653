package flotilla.storage.local;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;

/**
 * Maps failures of the file system to reasons, in one place. Most error numbers reach Java only as the text of
 * strerror(3), which is English unless the server's LC_MESSAGES says otherwise.
 */
final class Failures {
    /** Work on the file system. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, StorageException;
    }

    /** Work on the file system without a result. */
    @FunctionalInterface
    interface Deed {
        void run() throws IOException, StorageException;
    }

    private static final Map<Class<? extends Exception>, Reason> BY_CLASS = Map.of(
            NoSuchFileException.class, Reason.NOT_FOUND,
            FileAlreadyExistsException.class, Reason.ALREADY_EXISTS,
            DirectoryNotEmptyException.class, Reason.NOT_EMPTY,
            AccessDeniedException.class, Reason.ACCESS_DENIED,
            NotDirectoryException.class, Reason.NOT_A_DIRECTORY,
            AtomicMoveNotSupportedException.class, Reason.CROSS_DEVICE,
            FileSystemLoopException.class, Reason.ACCESS_DENIED,
            NotLinkException.class, Reason.CHANGED,
            InvalidPathException.class, Reason.INVALID_NAME,
            UnsupportedOperationException.class, Reason.UNSUPPORTED);

    private static final Map<String, Reason> BY_TEXT = Map.ofEntries(
            Map.entry("No space left on device", Reason.NO_SPACE),
            Map.entry("Disk quota exceeded", Reason.DISK_QUOTA),
            Map.entry("File name too long", Reason.INVALID_NAME),
            Map.entry("Invalid or incomplete multibyte", Reason.INVALID_NAME),
            Map.entry("Too many levels of symbolic links", Reason.ACCESS_DENIED),
            Map.entry("Operation not permitted", Reason.ACCESS_DENIED),
            Map.entry("Read-only file system", Reason.READ_ONLY),
            Map.entry("Illegal seek", Reason.NOT_A_FILE),
            Map.entry("Is a directory", Reason.IS_A_DIRECTORY),
            Map.entry("Not a directory", Reason.NOT_A_DIRECTORY),
            Map.entry("Directory not empty", Reason.NOT_EMPTY),
            Map.entry("No such device or address", Reason.NOT_A_FILE),
            Map.entry("File too large", Reason.TOO_LARGE),
            Map.entry("Device or resource busy", Reason.BUSY),
            Map.entry("Text file busy", Reason.BUSY),
            Map.entry("Invalid cross-device link", Reason.CROSS_DEVICE));

    private Failures() {}

    /** Runs {@code work} on behalf of {@code path}. Every failure becomes a {@link StorageException}. */
    static <T> T mapped(VirtualPath path, Work<T> work) throws StorageException {
        try {
            return work.run();
        } catch (IOException | RuntimeException e) {
            throw of(path, e);
        }
    }

    /** Runs {@code deed} as {@link #mapped} does, without a result. */
    static void run(VirtualPath path, Deed deed) throws StorageException {
        try {
            deed.run();
        } catch (IOException | RuntimeException e) {
            throw of(path, e);
        }
    }

    /** Returns {@code failure}, which happened at {@code path}, with its reason. */
    static StorageException of(VirtualPath path, Exception failure) {
        if (failure instanceof StorageException known) {
            return known;
        }
        if (failure instanceof DirectoryIteratorException && failure.getCause() instanceof IOException cause) {
            return of(path, cause);
        }
        return new StorageException(reason(failure), path + ": " + failure, failure);
    }

    static Reason reason(Exception failure) {
        Reason byClass = BY_CLASS.get(failure.getClass());
        if (byClass != null) {
            return byClass;
        }
        String text = String.valueOf(failure.getMessage());
        return BY_TEXT.entrySet().stream()
                .filter(known -> text.contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Reason.IO);
    }

    /** Returns a refusal by Flotilla itself, not by the file system. */
    static StorageException refusal(Reason reason, Object subject) {
        return new StorageException(reason, reason + ": " + subject);
    }
}
