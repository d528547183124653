package flotilla.ops.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Describes failures for people. Java's exceptions about a file often give only its name. */
final class FailureText {
    private FailureText() {}

    /** Returns a sentence that states the failure, its object and, where it is known, the remedy. */
    static String of(Throwable failure) {
        Throwable cause =
                failure instanceof UncheckedIOException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof FileSystemException file && file.getFile() != null) {
            return file.getFile() + " cannot be used: " + reason(file, Path.of(file.getFile()));
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static String reason(FileSystemException failure, Path file) {
        String user = System.getProperty("user.name");
        if (failure instanceof AccessDeniedException) {
            return "permission denied. This process runs as " + user + ": let that user have it, or name another place";
        }
        if (failure instanceof NoSuchFileException) {
            Path parent = file.toAbsolutePath().getParent();
            return parent == null || Files.isDirectory(parent)
                    ? "there is no such file, and it cannot be made there"
                    : "there is no directory " + parent;
        }
        if (failure instanceof FileAlreadyExistsException || failure instanceof NotDirectoryException) {
            return Files.isDirectory(file) ? "it is there already" : "it is there already and no directory";
        }
        String reason = failure.getReason();
        return reason == null ? failure.toString() : reason;
    }
}
