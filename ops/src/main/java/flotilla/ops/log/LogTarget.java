package flotilla.ops.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The target of a log.
 *
 * @param name for messages
 * @param descriptor of a standard stream
 * @param file empty for a standard stream
 */
record LogTarget(String name, FileDescriptor descriptor, Optional<Path> file) {
    private static final int TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    /**
     * Reads a target.
     *
     * @param target a file, {@code -} or {@code /dev/stdout} for standard output, {@code stderr} or {@code /dev/stderr}
     *     for standard error
     */
    static LogTarget of(String target) {
        return switch (target) {
            case "-", "/dev/stdout" -> new LogTarget("standard output", FileDescriptor.out, Optional.empty());
            case "stderr", "/dev/stderr" -> new LogTarget("standard error", FileDescriptor.err, Optional.empty());
            default -> {
                Path file = Path.of(target).toAbsolutePath();
                yield new LogTarget(file.toString(), new FileDescriptor(), Optional.of(file));
            }
        };
    }

    /**
     * Opens the target at its end. Only the server's user and group can read a new file.
     *
     * @throws IOException with a sentence for people
     */
    FileChannel open() throws IOException {
        if (file.isEmpty()) {
            return new FileOutputStream(descriptor).getChannel();
        }
        Path path = file.get();
        Path directory = path.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        if (Files.exists(path) && !isWritable(path)) {
            throw new IOException("the log " + name + " is neither a file nor a character device");
        }
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    /** Returns whether the target can be opened: opening a pipe without a reader would never end. */
    private static boolean isWritable(Path path) throws IOException {
        return Files.isRegularFile(path) || ((int) Files.getAttribute(path, "unix:mode") & TYPE) == CHARACTER_DEVICE;
    }
}
