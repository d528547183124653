package flotilla.cluster.stage;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Fails futures that are not done after a fixed time, with a {@link TimeoutException}. It is cheaper than
 * {@link CompletableFuture#orTimeout}, which wakes a thread for each future: all futures have the same time, so they
 * expire in the order in which they came.
 */
public final class Deadlines {
    private static final long TICK_MILLIS = 250;

    private final Queue<Watched> watched = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean removing = new AtomicBoolean();
    private final long nanos;

    /**
     * Fails futures after {@code timeout}, up to one tick later.
     *
     * @param ticker runs the look at the futures, every 250 ms
     */
    public Deadlines(Duration timeout, Ticker ticker) {
        nanos = timeout.toNanos();
        ticker.every(TICK_MILLIS, this::expire);
    }

    void watch(CompletableFuture<?> future) {
        removeWhile(false);
        if (!future.isDone()) {
            watched.add(new Watched(future, System.nanoTime() + nanos));
        }
    }

    private void expire() {
        removeWhile(true);
    }

    /**
     * Removes the futures at the front that are done or have expired. One thread at a time does this; the others need
     * not wait.
     */
    private void removeWhile(boolean expired) {
        if (!removing.compareAndSet(false, true)) {
            return;
        }
        try {
            for (Watched first = watched.peek(); first != null; first = watched.peek()) {
                if (!first.future.isDone() && !(expired && first.isDue())) {
                    return;
                }
                watched.poll();
                first.fail();
            }
        } finally {
            removing.set(false);
        }
    }

    private record Watched(CompletableFuture<?> future, long deadline) {
        boolean isDue() {
            return deadline - System.nanoTime() <= 0;
        }

        /** Has no effect on a future that is done. */
        void fail() {
            if (!future.isDone()) {
                future.completeExceptionally(new TimeoutException("the cluster did not answer in time"));
            }
        }
    }
}
