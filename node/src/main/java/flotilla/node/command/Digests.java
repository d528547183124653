package flotilla.node.command;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Computes digests of files, a few at once. No request waits: a client may ask again, while a queue of large files
 * would only grow old. A slot is freed before the reply is sent.
 */
public final class Digests {
    private final int most;
    private final Semaphore places;
    private final Executor threads;
    private final Runnable refused;

    /**
     * Creates the slots.
     *
     * @param most number of digests that may run at once
     * @param threads runs the digests; has at least {@code most} threads
     * @param refused runs for each request that finds no slot
     */
    public Digests(int most, Executor threads, Runnable refused) {
        this.most = most;
        this.places = new Semaphore(most);
        this.threads = threads;
        this.refused = refused;
    }

    /**
     * Computes a digest; the result is empty when all slots are in use.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the node is closing
     */
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

    /** Number of digests that run now. */
    public int running() {
        return most - places.availablePermits();
    }
}
