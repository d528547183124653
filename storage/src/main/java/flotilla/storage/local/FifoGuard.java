package flotilla.storage.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends opens that wait for the other end of a FIFO. Names are checked before they are opened, but another user of the
 * machine may put a FIFO there in between. Then open(2) waits for ever, because the JDK has no O_NONBLOCK. Opening the
 * FIFO for reading and writing never waits (fifo(7)) and releases the thread that does. One thread checks all opens:
 * while a mount does not answer that thread, no open is ended.
 */
final class FifoGuard {
    private static final long PERIOD_MILLIS = 500;
    private static final FifoGuard OF_PROCESS = new FifoGuard();

    /** An open that has not returned. It is not a record, because two threads may open the same name. */
    private static final class Pending {
        final SecureDirectoryStream<Path> directory;
        final Path name;
        final long since = System.nanoTime();

        Pending(SecureDirectoryStream<Path> directory, Path name) {
            this.directory = directory;
            this.name = name;
        }
    }

    /** An open that may wait. */
    @FunctionalInterface
    interface Open<T> {
        T run() throws IOException;
    }

    /** Opens in progress, at most one for each thread. */
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();

    private FifoGuard() {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "flotilla-fifo-guard");
            made.setDaemon(true);
            return made;
        });
        thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Runs an open of {@code name} in {@code directory}. It ends within about a second if the name is a FIFO that no
     * other process has open.
     */
    static <T> T guarded(SecureDirectoryStream<Path> directory, Path name, Open<T> open) throws IOException {
        Pending own = new Pending(directory, name);
        OF_PROCESS.pending.add(own);
        try {
            return open.run();
        } finally {
            OF_PROCESS.pending.remove(own);
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (Pending waiting : pending) {
            if (now - waiting.since > TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS)) {
                release(waiting);
            }
        }
    }

    private static void release(Pending waiting) {
        try {
            boolean fifo = waiting.directory
                    .getFileAttributeView(waiting.name, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                    .readAttributes()
                    .isOther();
            if (fifo) {
                waiting.directory
                        .newByteChannel(
                                waiting.name, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, NOFOLLOW_LINKS))
                        .close();
            }
        } catch (IOException | RuntimeException swapped) {
            // The name belongs to another object now, or the open has returned and its directory is closed. If not, the
            // next round tries again.
        }
    }
}
