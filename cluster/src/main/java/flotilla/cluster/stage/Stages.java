package flotilla.cluster.stage;

import flotilla.cluster.ActorThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Turns operations on shared state into futures with a deadline. A future completes on the caller's thread if that runs
 * actors; otherwise on any thread that does. It fails with a {@link java.util.concurrent.TimeoutException} at its
 * deadline, and with the operation's own failure otherwise.
 */
public final class Stages {
    private final Deadlines deadlines;
    private final Deadlines patience;
    private final int tries;
    private final Predicate<Throwable> isSilence;
    private final ActorThreads threads;
    private final LongAdder operations;

    /**
     * Runs operations under these deadlines.
     *
     * @param deadlines time for operations that run once
     * @param patience time for operations that may be repeated
     * @param tries most starts of an operation that may be repeated
     * @param isSilence whether a failure means that an operation was given up because no member answered
     * @param threads run the steps that follow an operation
     * @param operations counts the operations that are started here
     */
    public Stages(
            Deadlines deadlines,
            Deadlines patience,
            int tries,
            Predicate<Throwable> isSilence,
            ActorThreads threads,
            LongAdder operations) {
        this.deadlines = deadlines;
        this.patience = patience;
        this.tries = tries;
        this.isSilence = isSilence;
        this.threads = threads;
        this.operations = operations;
    }

    /** A new order of releases and the operations that follow them. */
    public GiveBacks giveBacks() {
        return new GiveBacks(threads);
    }

    /**
     * Starts an operation once.
     *
     * @param result turns the operation's answer, which may be null, into the value of the future
     */
    public <A, R> CompletableFuture<R> run(Supplier<CompletionStage<A>> operation, Function<A, R> result) {
        CompletableFuture<R> future = start(operation, result, threads.current());
        deadlines.watch(future);
        return future;
    }

    /** For idempotent operations: started again if no member answers in time. */
    public <A, R> CompletableFuture<R> insist(Supplier<CompletionStage<A>> operation, Function<A, R> result) {
        return insist(operation, operation, result);
    }

    /**
     * For operations whose repetition differs, since the first one may have been carried out.
     *
     * @param again is started from the second time on
     */
    public <A, R> CompletableFuture<R> insist(
            Supplier<CompletionStage<A>> operation, Supplier<CompletionStage<A>> again, Function<A, R> result) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        Executor home = threads.current();
        attempt(answer, start(operation, result, home), tries - 1, () -> start(again, result, home));
        patience.watch(answer);
        return answer;
    }

    /**
     * Only an operation that was given up is repeated: otherwise the earlier one could still be carried out after the
     * later one.
     */
    private <R> void attempt(
            CompletableFuture<R> answer, CompletableFuture<R> running, int left, Supplier<CompletableFuture<R>> again) {
        running.whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else if (left > 0 && !answer.isDone() && isSilence(failure)) {
                attempt(answer, again.get(), left - 1, again);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private boolean isSilence(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return isSilence.test(cause);
    }

    private <A, R> CompletableFuture<R> start(
            Supplier<CompletionStage<A>> operation, Function<A, R> result, Executor home) {
        CompletableFuture<R> future = new CompletableFuture<>();
        operations.increment();
        try {
            operation.get().whenCompleteAsync((answer, failure) -> settle(future, answer, failure, result), home);
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
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
