package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes requests beside the caller's thread. */
final class Parallel {
    /** Time between two calls of what runs while a thread waits, in milliseconds. */
    static final long ALIVE_MILLIS = 500;

    private final Executor executor;

    Parallel(Executor executor) {
        this.executor = executor;
    }

    /** A request. */
    interface Call<T> {
        T call() throws StorageException;
    }

    /** Starts a request. */
    <T> Pending<T> start(Call<T> call) {
        CompletableFuture<T> future = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                future.complete(call.call());
            } catch (StorageException | RuntimeException | Error e) { // or its caller would wait for ever
                future.completeExceptionally(e);
            }
        });
        return new Pending<>(future);
    }

    /** A request that was started. */
    static final class Pending<T> {
        private final CompletableFuture<T> future;

        private Pending(CompletableFuture<T> future) {
            this.future = future;
        }

        /** Waits for its answer. */
        T get() throws StorageException {
            return get(() -> {});
        }

        /**
         * Waits for its answer.
         *
         * @param alive runs about twice a second meanwhile
         */
        T get(Runnable alive) throws StorageException {
            while (true) {
                try {
                    return future.get(ALIVE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    alive.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StorageException(Reason.IO, "interrupted while waiting for the service", e);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof StorageException failed) {
                        throw failed;
                    }
                    throw new StorageException(Reason.IO, "a request failed", e.getCause());
                }
            }
        }
    }
}
