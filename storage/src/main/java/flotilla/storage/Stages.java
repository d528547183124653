package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs a backend's blocking work so that a stage fails only with {@link StorageException}, never wrapped. */
public final class Stages {
    /** Work with a result. */
    @FunctionalInterface
    public interface Task<T> {
        T run() throws StorageException;
    }

    /** Work without a result. */
    @FunctionalInterface
    public interface Action {
        void run() throws StorageException;
    }

    private Stages() {}

    /** Runs {@code task} on {@code executor}. A result that can be closed is closed when nobody waits for it any more. */
    public static <T> CompletionStage<T> run(Executor executor, Task<T> task) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        submit(executor, stage, () -> {
            T result = task.run();
            if (!stage.complete(result)) {
                discard(result);
            }
        });
        return stage;
    }

    /** Runs {@code action} on {@code executor}. */
    public static CompletionStage<Void> act(Executor executor, Action action) {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        submit(executor, stage, () -> {
            action.run();
            stage.complete(null);
        });
        return stage;
    }

    private static void submit(Executor executor, CompletableFuture<?> stage, Action action) {
        try {
            executor.execute(() -> attempt(stage, action));
        } catch (RejectedExecutionException e) {
            stage.completeExceptionally(new StorageException(Reason.IO, "the storage executor takes no work", e));
        }
    }

    private static void attempt(CompletableFuture<?> stage, Action action) {
        try {
            action.run();
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
