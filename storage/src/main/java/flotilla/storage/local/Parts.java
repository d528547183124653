package flotilla.storage.local;

import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hidden directory of parts. The part of a file has one name from its first byte to its commit ({@link Slot}), so
 * that another process finds it when its writer has died. A part at rest is read-only. A hung process may still write a
 * part that is not at rest, so an upload that resumes such a part copies it.
 */
final class Parts {
    /** The mode of a part without a writer. */
    static final int AT_REST = 0400;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int HASH_BYTES = 20;

    private final Tree tree;
    private final Path name;
    private final Set<Path> active = ConcurrentHashMap.newKeySet();

    Parts(Tree tree) {
        this.tree = tree;
        this.name = tree.name(ReservedNames.PARTS);
    }

    /** Returns the directory's name at the root. */
    Path name() {
        return name;
    }

    /** Opens the directory, and creates it if it is missing. The caller closes it. */
    Directory open() throws IOException, StorageException {
        Optional<Directory> existing = find();
        if (existing.isPresent()) {
            return existing.get();
        }
        try {
            Files.createDirectory(
                    tree.pathOf(List.of(name)), PosixFilePermissions.asFileAttribute(Entries.permissions(0700)));
        } catch (FileAlreadyExistsException e) {
            // Another process created it first; the opening shows whether it is a directory.
        }
        return find().orElseThrow(() -> Failures.refusal(Reason.IO, "the root is no longer at its path"));
    }

    /** Opens the directory if there is one. The caller closes it. Its names cannot be listed. */
    Optional<Directory> find() throws IOException, StorageException {
        Optional<PosixFileAttributes> found = attributes();
        return found.isEmpty() ? Optional.empty() : Optional.of(tree.openKept(name, found.get()));
    }

    /** Opens the directory, if there is one, for a list of its names. The caller closes it. */
    private Optional<Directory> list() throws IOException, StorageException {
        return attributes().isEmpty()
                ? Optional.empty()
                : Optional.of(tree.top().open(name));
    }

    private Optional<PosixFileAttributes> attributes() throws IOException, StorageException {
        Optional<PosixFileAttributes> found = tree.top().find(name);
        if (found.isPresent() && !found.get().isDirectory()) {
            throw Failures.refusal(Reason.IO, ReservedNames.PARTS + " is not a directory");
        }
        return found;
    }

    /** Returns an unpredictable name for a new file. */
    static String randomName() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns the slot of the file at {@code place}. */
    Slot slot(Place place) throws IOException {
        return slot(place.parent().attributes(Directory.self()), place.name());
    }

    /** Returns the slot of a file in a directory. */
    Slot slot(PosixFileAttributes directory, Path file) {
        String prefix = prefix(directory);
        return new Slot(prefix, tree.name(prefix + hash(file)));
    }

    /** Returns the prefix of all slots of a directory: its device, unless that is the root's, and its inode. */
    private String prefix(PosixFileAttributes directory) {
        String device = Entries.device(directory);
        return (device.equals(tree.device()) ? "" : device + ".") + Entries.inode(directory) + "-";
    }

    /** Returns the names of the notes of appends to files in a directory. */
    Set<Path> journals(PosixFileAttributes directory) throws IOException, StorageException {
        String prefix = prefix(directory);
        Optional<Directory> parts = list();
        if (parts.isEmpty()) {
            return Set.of();
        }
        Set<Path> journals = new HashSet<>();
        try (Directory opened = parts.get()) {
            for (Path path : opened.names()) {
                Path file = path.getFileName();
                if (file.toString().startsWith(prefix) && file.toString().endsWith(Slot.JOURNAL)) {
                    journals.add(file);
                }
            }
        }
        return journals;
    }

    /**
     * Returns whether the directory of parts seems to have such a name. It does not open the directory, so the answer
     * is good for a first look only.
     */
    boolean mayHave(Path part) throws IOException {
        return tree.top().find(name.resolve(part)).isPresent();
    }

    private static String hash(Path name) {
        try {
            byte[] bytes = DiskNames.text(name).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Takes the slot for an upload of this process.
     *
     * @return false when another upload of this process has it
     */
    boolean begin(Slot slot) {
        return active.add(slot.part());
    }

    void end(Slot slot) {
        active.remove(slot.part());
    }

    /**
     * Returns the bytes of the part in a slot with which an upload may go on; empty when there is none. A part under
     * review lacks its last byte.
     */
    OptionalLong length(Slot slot) throws IOException, StorageException {
        Optional<Directory> parts = find();
        if (parts.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Directory directory = parts.get()) {
            OptionalLong part = size(directory, slot.part());
            if (part.isPresent()) {
                return part;
            }
            OptionalLong whole = size(directory, slot.review());
            return whole.orElse(0) > 0 ? OptionalLong.of(whole.getAsLong() - 1) : OptionalLong.empty();
        }
    }

    private static OptionalLong size(Directory parts, Path name) throws IOException {
        return parts.find(name)
                .filter(PosixFileAttributes::isRegularFile)
                .map(found -> OptionalLong.of(found.size()))
                .orElseGet(OptionalLong::empty);
    }

    /** Leaves {@code part} in its slot for the client to resume, read-only. */
    void rest(Directory parts, Path part, Slot slot) throws IOException {
        parts.changeFile(part, OptionalLong.empty(), OptionalInt.of(AT_REST));
        if (!part.equals(slot.part())) {
            parts.move(part, parts, slot.part());
        }
    }

    /** Notes by an empty part that an upload has begun without a byte yet. */
    void empty(Slot slot) throws IOException, StorageException {
        try (Directory directory = open()) {
            Path empty = slot.unique();
            directory.create(empty, AT_REST).close();
            directory.move(empty, directory, slot.part());
        }
    }

    /**
     * Drops the part and the notes in a slot.
     *
     * @return whether there was a part
     */
    boolean drop(Slot slot) throws IOException, StorageException {
        Optional<Directory> parts = find();
        if (parts.isEmpty()) {
            return false;
        }
        try (Directory directory = parts.get()) {
            directory.deleteFileIfPresent(slot.journal());
            directory.deleteFileIfPresent(slot.unresumable());
            boolean reviewed = directory.deleteFileIfPresent(slot.review());
            return directory.deleteFileIfPresent(slot.part()) || reviewed;
        }
    }

    /**
     * Drops the parts of all files in a removed directory.
     *
     * @param directory attributes that it had
     */
    void dropBelow(PosixFileAttributes directory) throws IOException, StorageException {
        String prefix = prefix(directory);
        Optional<Directory> parts = list();
        if (parts.isEmpty()) {
            return;
        }
        try (Directory opened = parts.get()) {
            for (Path path : opened.names()) {
                if (path.getFileName().toString().startsWith(prefix)) {
                    opened.deleteFileIfPresent(path.getFileName());
                }
            }
        }
    }

    /**
     * Removes parts that were not written to for {@code age}, except those of uploads of this process.
     *
     * @return the number of files removed
     */
    int sweep(Duration age) throws IOException, StorageException {
        Optional<Directory> parts = list();
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
        if (found.isEmpty() || isWritten(part) || found.get().lastModifiedTime().toMillis() > latest) {
            return false;
        }
        if (found.get().isDirectory()) {
            parts.deleteDirectory(part);
            return true;
        }
        return parts.deleteFileIfPresent(part);
    }

    private boolean isWritten(Path part) {
        String text = part.toString();
        int dot = text.lastIndexOf('.');
        return active.contains(part) || dot > 0 && active.contains(tree.name(text.substring(0, dot)));
    }
}
