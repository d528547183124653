package flotilla.storage.local;

import flotilla.storage.ReservedNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file with random content in a storage root: nodes that read the same content see the same files. Clients do not see
 * it. What was read is remembered outside the root, so that an empty directory where a mount should be is known for
 * what it is.
 */
public final class RootMarker {
    private static final int RANDOM_BYTES = 16;
    private static final String HEAD = "flotilla-storage ";

    private final Path root;
    private final Path memory;

    /**
     * @param memory file to remember the content in
     */
    public RootMarker(Path root, Path memory) {
        this.root = root;
        this.memory = memory;
    }

    public Path root() {
        return root;
    }

    public Path memory() {
        return memory;
    }

    /** What the root holds now; empty when it holds no marker. */
    public Optional<String> read() throws IOException {
        return content(root.resolve(ReservedNames.MARKER));
    }

    /** What {@link #remember} was given for this root. */
    public Optional<String> remembered() throws IOException {
        return content(memory)
                .filter(text -> text.endsWith(' ' + root.toString()))
                .map(text -> text.substring(0, text.length() - root.toString().length() - 1));
    }

    private static Optional<String> content(Path file) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, StandardCharsets.UTF_8).trim();
            return text.startsWith(HEAD) ? Optional.of(text) : Optional.empty();
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** Makes a marker unless there is one; returns what the root holds then. */
    public String create() throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Path marker = root.resolve(ReservedNames.MARKER);
        Path temporary = root.resolve(ReservedNames.MARKER + "." + id);
        Files.writeString(temporary, HEAD + id + '\n');
        try {
            link(marker, temporary);
        } catch (FileAlreadyExistsException another) {
            // its content is what counts
        } finally {
            Files.deleteIfExists(temporary);
        }
        return read().orElseThrow(() -> new FileSystemException(marker + " cannot be read back"));
    }

    /** Gives the complete file its name, unless the name is taken. */
    private static void link(Path marker, Path temporary) throws IOException {
        try {
            Files.createLink(marker, temporary);
        } catch (FileAlreadyExistsException taken) {
            throw taken;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            Files.move(temporary, marker);
        }
    }

    /** Remembers what the root holds. */
    public void remember(String content) throws IOException {
        if (!remembered().equals(Optional.of(content))) {
            Path temporary = memory.resolveSibling(memory.getFileName() + ".new");
            Files.createDirectories(memory.toAbsolutePath().getParent());
            Files.writeString(temporary, content + ' ' + root + '\n');
            Files.move(temporary, memory, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
