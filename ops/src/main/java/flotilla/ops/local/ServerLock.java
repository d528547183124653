package flotilla.ops.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a server lives, by a lock on a file in its data directory. The kernel releases the lock with the
 * process. The address in the file of a killed server must not be used: another user of the machine may have its port
 * by now, and would receive what commands send.
 */
public final class ServerLock implements AutoCloseable {
    private static final int ATTEMPTS = 50;
    private static final long PAUSE_MILLIS = 100;

    private final FileChannel channel;

    private ServerLock(FileChannel channel) {
        this.channel = channel;
    }

    private static Path file(Path dataDir) {
        return dataDir.resolve("run").resolve("lock");
    }

    /**
     * Takes the lock, and removes the addresses that an earlier server has left. Closing releases the lock.
     *
     * @throws IOException when another server has the lock
     */
    public static ServerLock take(Path dataDir) throws IOException, InterruptedException {
        Path file = file(dataDir);
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (!lock(channel, file)) {
            channel.close();
            throw new IOException("another server runs with data directory " + dataDir);
        }
        Files.deleteIfExists(LocalAddress.control(dataDir));
        Files.deleteIfExists(LocalAddress.admin(dataDir));
        return new ServerLock(channel);
    }

    /**
     * Takes the lock until the channel is closed. It tries for five seconds, because a command that checks holds the
     * lock for a moment.
     */
    private static boolean lock(FileChannel channel, Path file) throws InterruptedException {
        try {
            for (int left = ATTEMPTS; left > 0; left--) {
                if (channel.tryLock() != null) {
                    return true;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            return false;
        } catch (IOException noLocks) {
            LoggerFactory.getLogger(ServerLock.class) // not before: commands do without the start of logging
                    .warn(
                            "{} cannot be locked, so commands believe that a server runs: {}",
                            file,
                            noLocks.getMessage());
            return true;
        }
    }

    /** Returns the address that a server has noted in a file of its data directory; empty when no server lives. */
    public static Optional<LocalAddress> address(Path dataDir, Path file) throws IOException {
        return isHeld(dataDir) ? LocalAddress.read(file) : Optional.empty();
    }

    /** Returns true while a server lives, and where locks do not work. */
    private static boolean isHeld(Path dataDir) throws IOException {
        if (!Files.exists(file(dataDir))) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file(dataDir), StandardOpenOption.READ)) {
            return isHeld(channel);
        }
    }

    /** Tries a shared lock, so that two commands at the same time do not take each other for a server. */
    private static boolean isHeld(FileChannel channel) {
        try (FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException | IOException inThisProcessOrNoLocks) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
