package flotilla.node.command;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Where digests of files are computed: a few at once. None waits: a client may ask again, a queue of large files would only grow old. A
 * client that has its answer finds the place free that it had.
 */
public final class Digests {
    private final int most;
    private final Semaphore places;
    private final Executor threads;
    private final Runnable refused;

    /** @param most at once @param threads at least so many @param refused is run for each that finds no place */
    public Digests(int most, Executor threads, Runnable refused) {
        this.most = most;
        this.places = new Semaphore(most);
        this.threads = threads;
        this.refused = refused;
    }

    /** Computes something; empty when as many run as may. @throws java.util.concurrent.RejectedExecutionException when the node is closing */
    <T> CompletionStage<Optional<T>> compute(Supplier<T> digest) {
        if (!places.tryAcquire()) {
            refused.run();
            return CompletableFuture.completedFuture(Optional.empty());
        }
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return Optional.of(digest.get());
                        } finally {
                            places.release();
                        }
                    },
                    threads);
        } catch (RuntimeException closing) {
            places.release();
            throw closing;
        }
    }

    /** How many are computed now. */
    public int running() {
        return most - places.availablePermits();
    }
}
