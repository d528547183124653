package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs work on a storage for callers that must not block, such as actors. Each piece of work runs on an executor and
 * completes a stage. A stage fails only with {@link StorageException}, which is never wrapped. Its reason is {@code IO}
 * when the executor takes no work, or when the work throws anything else.
 *
 * @param <S> the storage, whose methods block
 */
public final class AsyncStorage<S> {
    /**
     * Opens the storage, or finds it open. Blocks.
     *
     * @param <S> the storage
     */
    @FunctionalInterface
    public interface Opener<S> {
        /** Returns the open storage. */
        S open() throws StorageException;
    }

    /**
     * A piece of work. Blocks.
     *
     * @param <S> the storage
     * @param <T> its result
     */
    @FunctionalInterface
    public interface Work<S, T> {
        /** Does the work on the open storage. */
        T on(S storage) throws StorageException;
    }

    private final Opener<S> opener;
    private final Executor executor;

    /**
     * Creates the adapter and opens nothing.
     *
     * @param opener runs on {@code executor} before each piece of work
     * @param executor runs the work; its threads block
     */
    public AsyncStorage(Opener<S> opener, Executor executor) {
        this.opener = opener;
        this.executor = executor;
    }

    /**
     * Runs {@code work} on the executor. If the stage was completed or cancelled before the work ended, a result that
     * is {@link AutoCloseable} is closed.
     */
    public <T> CompletionStage<T> run(Work<? super S, T> work) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        try {
            executor.execute(() -> attempt(work, stage));
        } catch (RejectedExecutionException e) {
            stage.completeExceptionally(new StorageException(Reason.IO, "the storage executor takes no work", e));
        }
        return stage;
    }

    private <T> void attempt(Work<? super S, T> work, CompletableFuture<T> stage) {
        try {
            T result = work.on(opener.open());
            if (!stage.complete(result)) {
                discard(result);
            }
        } catch (StorageException e) {
            stage.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            stage.completeExceptionally(new StorageException(Reason.IO, "unexpected: " + e, e));
        }
    }

    private static void discard(Object result) {
        if (result instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("a result nobody waits for could not be closed", e);
            }
        }
    }
}
