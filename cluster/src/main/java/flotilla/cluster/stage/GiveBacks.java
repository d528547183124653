package flotilla.cluster.stage;

import flotilla.cluster.ActorThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Serialises operations per name: a release completes before the next acquire starts. Otherwise a release that is
 * retried while a member hangs could undo that acquire. Calls for one name come one after the other, since one session
 * makes them.
 */
public final class GiveBacks {
    /** Name to the latest operation that others must wait for. It holds only operations that are under way. */
    private final ConcurrentMap<String, CompletableFuture<?>> running = new ConcurrentHashMap<>();

    private final ActorThreads threads;

    GiveBacks(ActorThreads threads) {
        this.threads = threads;
    }

    /** Starts a release. Later operations of that name wait for it. */
    public <R> CompletableFuture<R> giveBack(String name, Supplier<CompletableFuture<R>> operation) {
        return kept(name, after(name, operation));
    }

    /** Starts an operation once the earlier releases of that name have completed or failed. */
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
