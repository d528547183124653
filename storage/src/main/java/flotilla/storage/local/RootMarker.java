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
 * The marker of a storage root: a file with random content. Nodes that read the same content see the same files.
 * Clients do not see it. A node remembers the content outside the root, so that it recognises an empty directory in the
 * place of a mount.
 */
public final class RootMarker {
    private static final int RANDOM_BYTES = 16;
    private static final String HEAD = "flotilla-storage ";

    private final Path root;
    private final Path memory;

    /**
     * Creates the access to a marker.
     *
     * @param memory the file that remembers the content
     */
    public RootMarker(Path root, Path memory) {
        this.root = root;
        this.memory = memory;
    }

    /** Returns the storage root. */
    public Path root() {
        return root;
    }

    /** Returns the file that remembers the content. */
    public Path memory() {
        return memory;
    }

    /** Returns the content in the root now; empty when there is no marker. */
    public Optional<String> read() throws IOException {
        return content(root.resolve(ReservedNames.MARKER));
    }

    /** Returns the content that {@link #remember} stored for this root; empty when there is none. */
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

    /**
     * Creates a marker unless there is one.
     *
     * @return the content in the root after that
     */
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
            // only its content matters
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

    /** Remembers the content for this root. */
    public void remember(String content) throws IOException {
        if (!remembered().equals(Optional.of(content))) {
            Path temporary = memory.resolveSibling(memory.getFileName() + ".new");
            Files.createDirectories(memory.toAbsolutePath().getParent());
            Files.writeString(temporary, content + ' ' + root + '\n');
            Files.move(temporary, memory, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
