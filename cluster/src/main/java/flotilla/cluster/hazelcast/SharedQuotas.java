package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.hazelcast.QuotaProcessors.OnRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Usage as one entry for each user, read from the database when it is not there and written to it a little later ({@link QuotaBook}). */
final class SharedQuotas implements QuotaLedger {
    private final IMap<String, Usage> map;
    private final QuotaBook book;
    private final DatabaseWork database;
    private final Stages stages;

    SharedQuotas(IMap<String, Usage> map, QuotaBook book, DatabaseWork database, Stages stages) {
        this.map = map;
        this.book = book;
        this.database = database;
        this.stages = stages;
    }

    @Override
    public CompletionStage<Optional<Usage>> find(String user) {
        return step(user, QuotaProcessors.Find::new);
    }

    @Override
    public CompletionStage<Usage> set(String user, Usage usage) {
        return step(user, onRecord -> new QuotaProcessors.SetIfAbsent(usage, onRecord))
                .thenApply(Optional::orElseThrow);
    }

    @Override
    public CompletionStage<Boolean> reserve(String user, long bytes, long files, long maxBytes, long maxFiles) {
        // A member that hangs does not carry out what Hazelcast has given up, so that asking again counts once. Only
        // one that stops between
        // the step and its answer counts twice.
        Usage amount = new Usage(bytes, files);
        Usage limit = new Usage(maxBytes, maxFiles);
        return step(user, onRecord -> new QuotaProcessors.Reserve(amount, limit, onRecord))
                .thenApply(Optional::orElseThrow);
    }

    /** Runs a step, and again with what the database has when the entry is not there. */
    private <R> CompletionStage<Optional<R>> step(String user, Function<OnRecord, Processor<Usage, R>> make) {
        return once(user, make.apply(OnRecord.NOT_ASKED))
                .thenCompose(answer -> answer.isPresent()
                        ? CompletableFuture.completedFuture(answer)
                        : stages.run(() -> database.submit(() -> book.find(user)), found -> found)
                                .thenCompose(found -> once(user, make.apply(new OnRecord(true, found.orElse(null))))));
    }

    private <R> CompletableFuture<Optional<R>> once(String user, Processor<Usage, R> step) {
        return stages.insist(() -> map.submitToKey(user, step), Optional::ofNullable);
    }
}
