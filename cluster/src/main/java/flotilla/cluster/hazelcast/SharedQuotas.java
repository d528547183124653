package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import flotilla.cluster.QuotaLedger;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Usage as one entry for each user, written to the database a little later ({@link QuotaBook}). */
final class SharedQuotas implements QuotaLedger {
    private final IMap<String, Usage> map;
    private final Stages stages;

    SharedQuotas(IMap<String, Usage> map, Stages stages) {
        this.map = map;
        this.stages = stages;
    }

    @Override
    public CompletionStage<Optional<Usage>> find(String user) {
        return stages.insist(() -> map.getAsync(user), Optional::ofNullable)
                .thenCompose(held -> held.isPresent()
                        ? CompletableFuture.completedFuture(held)
                        : stages.insist(() -> map.submitToKey(user, new QuotaProcessors.Find()), Optional::ofNullable));
    }

    @Override
    public CompletionStage<Usage> set(String user, Usage usage) {
        return stages.insist(() -> map.submitToKey(user, new QuotaProcessors.SetIfAbsent(usage)), holds -> holds);
    }

    @Override
    public CompletionStage<Boolean> reserve(String user, long bytes, long files, long maxBytes, long maxFiles) {
        // A member that hangs does not carry out what Hazelcast has given up, so that asking again counts once. Only
        // one that stops between
        // the step and its answer counts twice.
        return stages.insist(
                () -> map.submitToKey(
                        user, new QuotaProcessors.Reserve(new Usage(bytes, files), new Usage(maxBytes, maxFiles))),
                reserved -> reserved);
    }
}
