package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.Agreements;
import flotilla.cluster.stage.Stages;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Agreements in a map: subject to value. An entry is never replaced. */
public final class SharedAgreements implements Agreements {
    private final IMap<String, String> map;
    private final Stages stages;
    private final Executor blocking;

    /** Uses {@code map}; {@code blocking} runs the proposals, since {@code putIfAbsent} blocks. */
    public SharedAgreements(IMap<String, String> map, Stages stages, Executor blocking) {
        this.map = map;
        this.stages = stages;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<String> propose(String subject, String value) {
        return stages.run(
                () -> CompletableFuture.supplyAsync(() -> map.putIfAbsent(subject, value), blocking),
                before -> before == null ? value : before);
    }

    @Override
    public CompletionStage<Optional<String>> find(String subject) {
        return stages.insist(() -> map.getAsync(subject), Optional::ofNullable);
    }
}
