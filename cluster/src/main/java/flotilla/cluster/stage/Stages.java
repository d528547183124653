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

/** Turns futures of shared state into plain ones with a deadline, which complete on the thread that asked where it is an actor's. */
public final class Stages {
    private final Deadlines deadlines;
    private final Deadlines patience;
    private final int tries;
    private final Predicate<Throwable> isSilence;
    private final ActorThreads threads;
    private final LongAdder operations;

    /**
     * @param patience for what may be repeated
     * @param tries how often that is started, at most
     * @param isSilence whether a failure says that an operation was given up because nobody answered
     * @param operations counts what is started here
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

    /** An order of give-backs and what is asked for after them. */
    public GiveBacks giveBacks() {
        return new GiveBacks(threads);
    }

    /** Starts an operation; {@code result} makes what callers see of its answer, which may be null. */
    public <A, R> CompletableFuture<R> run(Supplier<CompletionStage<A>> operation, Function<A, R> result) {
        CompletableFuture<R> future = start(operation, result, threads.current());
        deadlines.watch(future);
        return future;
    }

    /** The same for an operation that may be carried out twice: while nobody answers, because a member hangs, it is waited for, and started again. */
    public <A, R> CompletableFuture<R> insist(Supplier<CompletionStage<A>> operation, Function<A, R> result) {
        return insist(operation, operation, result);
    }

    /** The same, where {@code again} is what is started from the second time on: the first one may have been carried out. */
    public <A, R> CompletableFuture<R> insist(
            Supplier<CompletionStage<A>> operation, Supplier<CompletionStage<A>> again, Function<A, R> result) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        Executor home = threads.current();
        attempt(answer, start(operation, result, home), tries - 1, () -> start(again, result, home));
        patience.watch(answer);
        return answer;
    }

    /** Only what was given up is started again: else the earlier one could still be carried out after the later one. */
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
