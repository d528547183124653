package flotilla.storage.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An open directory. Operations act in this very directory, even if the names that led to it change, and never through
 * a symbolic link. Every {@code name} is one relative component: an absolute one would leave the directory.
 */
final class Directory implements AutoCloseable {
    private static final Path SELF = Path.of(".");

    private final SecureDirectoryStream<Path> stream;
    private final boolean shared;

    private Directory(SecureDirectoryStream<Path> stream, boolean shared) {
        this.stream = stream;
        this.shared = shared;
    }

    /**
     * Opens the root of a tree, which all operations share. {@link #close} leaves it open; {@link #closeShared} closes
     * it.
     *
     * @throws StorageException {@code UNSUPPORTED} when the file system cannot act relative to open directories
     */
    @SuppressWarnings("StreamResourceLeak") // the stream lives as long as the directory
    static Directory openShared(Path root) throws IOException, StorageException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(root);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new Directory(secure, true);
        }
        stream.close();
        throw new StorageException(Reason.UNSUPPORTED, root + ": its file system has no SecureDirectoryStream");
    }

    /** Returns the same open directory, which {@link #close} leaves open. */
    Directory shared() {
        return new Directory(stream, true);
    }

    /** Returns the name by which every directory holds itself. */
    static Path self() {
        return SELF;
    }

    PosixFileAttributes attributes(Path name) throws IOException {
        return view(name).readAttributes();
    }

    Optional<PosixFileAttributes> find(Path name) throws IOException {
        try {
            return Optional.of(attributes(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Opens a directory in this one. It checks the type first: opening a FIFO would wait for its writer, and the JDK
     * closes a wrong descriptor if the object is no directory (UnixSecureDirectoryStream.newDirectoryStream).
     */
    Directory open(Path name) throws IOException, StorageException {
        PosixFileAttributes attributes = attributes(name);
        if (attributes.isSymbolicLink()) {
            throw Failures.refusal(Reason.ACCESS_DENIED, name);
        }
        if (!attributes.isDirectory()) {
            throw Failures.refusal(Reason.NOT_A_DIRECTORY, name);
        }
        return new Directory(
                FifoGuard.guarded(stream, name, () -> stream.newDirectoryStream(name, NOFOLLOW_LINKS)), false);
    }

    /**
     * Opens the regular file that {@code expected} describes.
     *
     * @throws StorageException {@code CHANGED} when the name belongs to another object now
     */
    FileChannel openFile(Path name, PosixFileAttributes expected, StandardOpenOption... options)
            throws IOException, StorageException {
        FileChannel channel = channel(name, Set.of(options), 0);
        try {
            channel.position(); // fails for a FIFO that has taken the name
            if (!Entries.same(expected, attributes(name))) {
                throw Failures.refusal(Reason.CHANGED, name);
            }
            return channel;
        } catch (IOException | StorageException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Creates a file. It fails if the name is taken. The process's umask may remove bits from {@code mode}. */
    FileChannel create(Path name, int mode) throws IOException {
        return channel(name, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), mode);
    }

    private FileChannel channel(Path name, Set<StandardOpenOption> options, int mode) throws IOException {
        Set<OpenOption> all = new HashSet<>(options);
        all.add(NOFOLLOW_LINKS);
        return (FileChannel) FifoGuard.guarded(
                stream,
                name,
                () -> stream.newByteChannel(
                        name, all, PosixFilePermissions.asFileAttribute(Entries.permissions(mode))));
    }

    void deleteFile(Path name) throws IOException {
        stream.deleteFile(name);
    }

    /**
     * Deletes a file.
     *
     * @return whether there was one
     */
    boolean deleteFileIfPresent(Path name) throws IOException {
        try {
            stream.deleteFile(name);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    void deleteDirectory(Path name) throws IOException {
        stream.deleteDirectory(name);
    }

    /** Moves an entry as renameat(2) does: a file replaces a file, and a directory replaces an empty directory. */
    void move(Path name, Directory target, Path newName) throws IOException {
        stream.move(name, target.stream, newName);
    }

    /** Changes a file of this directory. It must be a regular file, because the JDK opens it. */
    void changeFile(Path name, OptionalLong modifiedMillis, OptionalInt mode) throws IOException {
        FifoGuard.guarded(stream, name, () -> {
            change(view(name), modifiedMillis, mode);
            return name;
        });
    }

    /** Changes this directory itself. */
    void changeSelf(OptionalLong modifiedMillis, OptionalInt mode) throws IOException {
        change(stream.getFileAttributeView(PosixFileAttributeView.class), modifiedMillis, mode);
    }

    private static void change(PosixFileAttributeView view, OptionalLong modifiedMillis, OptionalInt mode)
            throws IOException {
        if (modifiedMillis.isPresent()) {
            view.setTimes(FileTime.fromMillis(modifiedMillis.getAsLong()), null, null);
        }
        if (mode.isPresent()) {
            view.setPermissions(Entries.permissions(mode.getAsInt()));
        }
    }

    private PosixFileAttributeView view(Path name) {
        return stream.getFileAttributeView(name, PosixFileAttributeView.class, NOFOLLOW_LINKS);
    }

    /** Waits until the names of this directory are on disk. */
    void force() throws IOException {
        try (FileChannel channel = channel(SELF, Set.of(StandardOpenOption.READ), 0)) {
            channel.force(true);
        }
    }

    /** Returns the names in this directory, in no order. They can be read once, and not from the shared root. */
    Iterable<Path> names() {
        return stream;
    }

    @Override
    public void close() {
        if (!shared) {
            closeStream();
        }
    }

    /** Closes a directory that is shared. */
    void closeShared() {
        closeStream();
    }

    private void closeStream() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
