package flotilla.cluster.stage;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Fails futures that are not done after one fixed time. Cheaper than {@link CompletableFuture#orTimeout}, which wakes a
 * thread for each of them: as the time is the same for all, they expire in the order they came.
 */
public final class Deadlines {
    private static final long TICK_MILLIS = 250;

    private final Queue<Watched> watched = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean removing = new AtomicBoolean();
    private final long nanos;

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

    /** Removes from the front what is done, and what has expired; one thread at a time, the others need not wait for it. */
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

        /** Without effect on a future that is done. */
        void fail() {
            if (!future.isDone()) {
                future.completeExceptionally(new TimeoutException("the cluster did not answer in time"));
            }
        }
    }
}
