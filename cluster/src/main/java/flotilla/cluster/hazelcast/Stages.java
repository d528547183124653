package flotilla.cluster.hazelcast;

import flotilla.cluster.ActorThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/** Turns Hazelcast's futures into plain ones with a deadline, which complete on the thread that asked where it is an actor's. */
final class Stages {
    private final Deadlines deadlines;
    private final ActorThreads threads;
    private final LongAdder operations;

    /** @param operations counts what is started here */
    Stages(Deadlines deadlines, ActorThreads threads, LongAdder operations) {
        this.deadlines = deadlines;
        this.threads = threads;
        this.operations = operations;
    }

    /** Starts an operation; {@code result} makes what callers see of its answer, which may be null. */
    <A, R> CompletableFuture<R> run(Supplier<CompletionStage<A>> operation, Function<A, R> result) {
        CompletableFuture<R> future = new CompletableFuture<>();
        operations.increment();
        try {
            operation
                    .get()
                    .whenCompleteAsync((answer, failure) -> settle(future, answer, failure, result), threads.current());
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
