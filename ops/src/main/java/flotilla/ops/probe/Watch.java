package flotilla.ops.probe;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds work on a socket as a whole, also when the peer sends a byte now and then. */
final class Watch {
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    /** Work that reads or writes. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private Watch() {}

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "probe-clock");
            thread.setDaemon(true);
            return thread;
        });
        made.setRemoveOnCancelPolicy(true);
        return made;
    }

    /**
     * Does the work, and closes the socket when it takes too long.
     *
     * @param socket the TCP socket, not one of TLS, whose close may wait
     * @throws SocketTimeoutException when it took too long
     */
    static <T> T within(Duration timeout, Socket socket, Work<T> work) throws IOException {
        AtomicBoolean isLate = new AtomicBoolean();
        ScheduledFuture<?> alarm = CLOCK.schedule(
                () -> {
                    isLate.set(true);
                    close(socket);
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return work.run();
        } catch (IOException e) {
            if (isLate.get()) {
                SocketTimeoutException late = new SocketTimeoutException("nothing came");
                late.initCause(e);
                throw late;
            }
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    /** Closes a socket that is not needed any more. */
    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // it is closed all the same
        }
    }
}
