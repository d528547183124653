package flotilla.cluster.accounts;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Runs work that uses the database on its own threads, and limits the time for which callers wait. */
public final class DatabaseWork {
    private final ExecutorService threads;
    private final Supplier<UserDatabase> database;

    /**
     * Runs work on {@code threads}.
     *
     * @param threads limits the work that runs and waits
     * @param database the database, which may block until it is open
     */
    public DatabaseWork(ExecutorService threads, Supplier<UserDatabase> database) {
        this.threads = threads;
        this.database = database;
    }

    /**
     * Runs work that blocks. The future fails with a {@link DatabaseException} when too much work waits, with a
     * {@link TimeoutException} when the database does not answer within its timeout, and with the work's own failure.
     * After a timeout the work may still be carried out.
     */
    public <T> CompletableFuture<T> submit(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        AtomicBoolean begun = new AtomicBoolean();
        try {
            threads.execute(() -> {
                begun.set(true);
                run(work, result);
            });
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(
                    new DatabaseException("The user database has too much to do, or is closed.", full));
            return result;
        }
        long millis = database.get().timeout().toMillis();
        return result.orTimeout(millis, TimeUnit.MILLISECONDS).whenComplete((value, failure) -> {
            if (failure instanceof TimeoutException && begun.get()) {
                database.get().silent();
            }
        });
    }

    private static <T> void run(Supplier<T> work, CompletableFuture<T> result) {
        if (result.isDone()) {
            return; // the caller has stopped waiting
        }
        try {
            result.complete(work.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
