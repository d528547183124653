package flotilla.cluster.accounts;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Runs what waits for the database on threads of its own, and lets nobody wait longer than the database may take. */
public final class DatabaseWork {
    private final ExecutorService threads;
    private final Supplier<UserDatabase> database;

    /** @param threads that bound how much may wait */
    public DatabaseWork(ExecutorService threads, Supplier<UserDatabase> database) {
        this.threads = threads;
        this.database = database;
    }

    /** The result of blocking work; fails when there is no room for it, or no answer in time. Then it may still be done. */
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
            return; // nobody waits for it any more
        }
        try {
            result.complete(work.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
