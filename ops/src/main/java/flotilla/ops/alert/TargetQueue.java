package flotilla.ops.alert;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one target, on a thread of its own and in order. It tries again, with growing pauses, up to a bound. */
final class TargetQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TargetQueue.class);
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final long END_MILLIS = 2_000;

    private record Waiting(Notice notice, Runnable done) {}

    private final Target target;
    private final int tries;
    private final long firstPauseMillis;
    private final BlockingQueue<Waiting> queue;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Starts the thread.
     *
     * @param capacity most notices that wait
     * @param tries most attempts for each
     */
    TargetQueue(Target target, int capacity, int tries, long firstPauseMillis) {
        this.target = target;
        this.tries = tries;
        this.firstPauseMillis = firstPauseMillis;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.thread = new Thread(this::work, "flotilla-alert-" + target.name());
        this.thread.setDaemon(true);
        this.thread.start();
    }

    Target target() {
        return target;
    }

    /**
     * Takes a notice for the target, without blocking.
     *
     * @param done is called once the target has it, or when all attempts have failed
     * @return false when too many wait
     */
    boolean offer(Notice notice, Runnable done) {
        return queue.offer(new Waiting(notice, done));
    }

    private void work() {
        try {
            while (closed.getCount() > 0) {
                Waiting next = queue.take();
                tell(next.notice());
                next.done().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Notice notice) throws InterruptedException {
        long pause = firstPauseMillis;
        for (int attempt = 1; attempt <= tries; attempt++) {
            try {
                target.tell(notice);
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn(
                        "the alert {} was not told to {} (attempt {} of {}): {}",
                        notice.alert().rule(),
                        target.name(),
                        attempt,
                        tries,
                        e.getMessage() == null ? e.toString() : e.getMessage());
            }
            if (attempt < tries && closed.await(pause, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException();
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    /** Ends the thread. What was not told stays untold in the cluster, and the next node tells it. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        target.close();
    }
}
