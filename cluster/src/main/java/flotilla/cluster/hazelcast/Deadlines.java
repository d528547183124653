package flotilla.cluster.hazelcast;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;

/**
 * Fails futures that are not done after one fixed time. Cheaper than {@link CompletableFuture#orTimeout}, which wakes a
 * thread for each of them: as the time is the same for all, they expire in the order they came.
 */
final class Deadlines {
    private static final long TICK_MILLIS = 100;

    private record Watched(CompletableFuture<?> future, long deadline) {}

    private final Queue<Watched> watched = new ConcurrentLinkedQueue<>();
    private final long nanos;

    Deadlines(Duration timeout, Ticker ticker) {
        nanos = timeout.toNanos();
        ticker.every(TICK_MILLIS, this::expire);
    }

    void watch(CompletableFuture<?> future) {
        dropDone();
        if (!future.isDone()) {
            watched.add(new Watched(future, System.nanoTime() + nanos));
        }
    }

    private void dropDone() {
        for (Watched first = watched.peek(); first != null && first.future.isDone(); first = watched.peek()) {
            watched.remove(first);
        }
    }

    private void expire() {
        long now = System.nanoTime();
        for (Watched first = watched.peek(); first != null; first = watched.peek()) {
            if (!first.future.isDone() && first.deadline - now > 0) {
                return;
            }
            watched.remove(first);
            first.future.completeExceptionally(new TimeoutException("the cluster did not answer in time"));
        }
    }
}
