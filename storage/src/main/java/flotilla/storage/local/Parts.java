package flotilla.storage.local;

import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hidden directory of uploads that are not finished. A part is named after the SHA-256 of its virtual path: with a
 * random suffix while someone writes it, without one when it is kept for the client to resume. Renaming between the two
 * is how a part is claimed, so that two uploads never continue the same one.
 */
final class Parts {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Tree tree;
    private final Path name;
    private final Set<Path> active = ConcurrentHashMap.newKeySet();

    Parts(Tree tree) {
        this.tree = tree;
        this.name = tree.name(ReservedNames.PARTS);
    }

    /** The directory's name at the root. */
    Path name() {
        return name;
    }

    /** The directory, made if it is not there. The caller closes it. */
    Directory open() throws IOException, StorageException {
        Optional<Directory> existing = find();
        if (existing.isPresent()) {
            return existing.get();
        }
        try {
            Files.createDirectory(
                    tree.pathOf(List.of(name)), PosixFilePermissions.asFileAttribute(Entries.permissions(0700)));
        } catch (FileAlreadyExistsException e) {
            // Someone else was faster; whether it is a directory shows when it is opened.
        }
        return find().orElseThrow(() -> Failures.refusal(Reason.IO, "the root is no longer at its path"));
    }

    /** The directory if it is there. The caller closes it. */
    Optional<Directory> find() throws IOException, StorageException {
        Optional<PosixFileAttributes> found = tree.top().find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (!found.get().isDirectory()) {
            throw Failures.refusal(Reason.IO, ReservedNames.PARTS + " is not a directory");
        }
        return Optional.of(tree.top().open(name));
    }

    /** An unpredictable name for something new. */
    static String randomName() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** A name for a part of {@code file} that this process is about to write. */
    Path begin(VirtualPath file) {
        Path part = tree.name(hash(file) + "." + randomName());
        active.add(part);
        return part;
    }

    /** The part is no longer written to. */
    void end(Path part) {
        active.remove(part);
    }

    /** Bytes of the part kept for {@code file}. */
    Optional<Long> keptSize(VirtualPath file) throws IOException, StorageException {
        Optional<Directory> parts = find();
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        try (Directory directory = parts.get()) {
            return directory
                    .find(kept(file))
                    .filter(PosixFileAttributes::isRegularFile)
                    .map(PosixFileAttributes::size);
        }
    }

    /** Takes the kept part of {@code file} for writing under the name {@code part}; false when there is none. */
    boolean claim(Directory parts, VirtualPath file, Path part) throws IOException {
        try {
            parts.move(kept(file), parts, part);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Keeps {@code part} for {@code file}, in place of one kept before. */
    void keep(Directory parts, Path part, VirtualPath file) throws IOException {
        parts.move(part, parts, kept(file));
    }

    /** Removes the part kept for {@code file}, if there is one. */
    void forget(VirtualPath file) throws IOException, StorageException {
        Optional<Directory> parts = find();
        if (parts.isPresent()) {
            try (Directory directory = parts.get()) {
                forget(directory, file);
            }
        }
    }

    void forget(Directory parts, VirtualPath file) throws IOException {
        parts.deleteFileIfPresent(kept(file));
    }

    /** Removes what nobody wrote to for {@code age} and this process is not writing now. */
    int sweep(Duration age) throws IOException, StorageException {
        Optional<Directory> parts = find();
        if (parts.isEmpty()) {
            return 0;
        }
        long latest = System.currentTimeMillis() - age.toMillis();
        int removed = 0;
        try (Directory directory = parts.get()) {
            for (Path path : directory.names()) {
                removed += removeIfOld(directory, path.getFileName(), latest) ? 1 : 0;
            }
        }
        return removed;
    }

    private boolean removeIfOld(Directory parts, Path part, long latest) throws IOException {
        Optional<PosixFileAttributes> found = parts.find(part);
        if (found.isEmpty()
                || active.contains(part)
                || found.get().lastModifiedTime().toMillis() > latest) {
            return false;
        }
        if (found.get().isDirectory()) {
            parts.deleteDirectory(part);
            return true;
        }
        return parts.deleteFileIfPresent(part);
    }

    private Path kept(VirtualPath file) {
        return tree.name(hash(file));
    }

    private static String hash(VirtualPath file) {
        try {
            byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(path));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
