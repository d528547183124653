package flotilla.ops.doctor;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what Linux says of itself below /proc and /sys. On other systems nothing is known. */
public final class Kernel {
    private static final int READ = 65_536;
    private static final int MOST = 1 << 20;
    private static final int INODE_FIELD = 5;
    private static final int PID_FIELD = 4;

    private final Path root;

    /**
     * Reads below another root.
     *
     * @param root {@code /}, or a directory that holds {@code proc} and {@code sys}
     */
    public Kernel(Path root) {
        this.root = root;
    }

    /**
     * Returns the text of a file without the blanks around it, of at most 1 MiB; empty when it cannot be read. Linux
     * gives a value below /proc/sys only to a first read that is large enough for all of it.
     */
    Optional<String> text(String path) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[READ];
        try (InputStream in = new FileInputStream(root.resolve(path).toFile())) {
            for (int got = in.read(buffer); got >= 0 && text.size() < MOST; got = in.read(buffer)) {
                text.write(buffer, 0, got);
            }
            return Optional.of(text.toString(StandardCharsets.ISO_8859_1).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the whole numbers of a file; empty when it cannot be read or holds something else. */
    List<Long> numbers(String path) {
        try {
            return text(path).stream()
                    .flatMap(text -> Arrays.stream(text.split("\\s+")))
                    .map(Long::valueOf)
                    .toList();
        } catch (NumberFormatException e) {
            return List.of();
        }
    }

    /** Returns the number of a file that holds only one. */
    OptionalLong number(String path) {
        List<Long> numbers = numbers(path);
        return numbers.size() == 1 ? OptionalLong.of(numbers.get(0)) : OptionalLong.empty();
    }

    /** Returns whether there is such a file. */
    boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    /** Returns the id of the process that holds a lock on a file; empty when none does. */
    Optional<String> holder(Path file) {
        try {
            String inode = Files.getAttribute(file, "unix:ino").toString();
            return text("proc/locks").stream()
                    .flatMap(String::lines)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length > INODE_FIELD
                            && fields[1].equals("POSIX")
                            && fields[3].equals("WRITE")
                            && fields[INODE_FIELD].endsWith(":" + inode))
                    .map(fields -> fields[PID_FIELD])
                    .filter(pid -> pid.matches("[1-9][0-9]*"))
                    .findFirst();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
