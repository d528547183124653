package flotilla.cluster.hazelcast;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns Hazelcast's futures into plain ones with a deadline. Their callbacks run where Hazelcast completes them: without
 * an executor of ours it would start a thread for each on machines with few cores.
 */
final class Stages {
    private final Deadlines deadlines;

    Stages(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /** Starts an operation; {@code result} makes what callers see of its answer, which may be null. */
    <A, R> CompletableFuture<R> run(Supplier<CompletionStage<A>> operation, Function<A, R> result) {
        CompletableFuture<R> future = new CompletableFuture<>();
        try {
            operation
                    .get()
                    .whenCompleteAsync((answer, failure) -> settle(future, answer, failure, result), Runnable::run);
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
        deadlines.watch(future);
        return future;
    }

    private static <A, R> void settle(CompletableFuture<R> future, A answer, Throwable failure, Function<A, R> result) {
        if (failure != null) {
            future.completeExceptionally(failure);
            return;
        }
        try {
            future.complete(result.apply(answer));
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }
}
