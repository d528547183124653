package flotilla.cluster.stage;

import flotilla.cluster.ActorThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * What a session gives back under a name is done before anything else is asked for under that name: while a member hangs a give-back may be
 * started again, and would else undo what was granted meanwhile. For each name calls come one after the other, as a session's do.
 */
public final class GiveBacks {
    /** Name to the last operation of those that wait for each other; as many as there are operations under way. */
    private final ConcurrentMap<String, CompletableFuture<?>> running = new ConcurrentHashMap<>();

    private final ActorThreads threads;

    GiveBacks(ActorThreads threads) {
        this.threads = threads;
    }

    /** Starts a give-back, which what comes after it waits for. */
    public <R> CompletableFuture<R> giveBack(String name, Supplier<CompletableFuture<R>> operation) {
        return kept(name, after(name, operation));
    }

    /** Starts an operation once those of that name that were given back before are done, or nobody knows what became of them. */
    public <R> CompletableFuture<R> after(String name, Supplier<CompletableFuture<R>> operation) {
        CompletableFuture<?> last = running.get(name);
        if (last == null) {
            return operation.get();
        }
        return kept(
                name,
                last.handleAsync((done, failure) -> name, threads.current()).thenCompose(ended -> operation.get()));
    }

    private <R> CompletableFuture<R> kept(String name, CompletableFuture<R> operation) {
        if (!operation.isDone()) {
            running.put(name, operation);
            operation.whenComplete((done, failure) -> running.remove(name, operation));
        }
        return operation;
    }
}
