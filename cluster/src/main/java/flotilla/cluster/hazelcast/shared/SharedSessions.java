package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.Holder;
import flotilla.cluster.SessionDirectory;
import flotilla.cluster.hazelcast.entry.SessionProcessors;
import flotilla.cluster.hazelcast.entry.StoredSession;
import flotilla.cluster.protection.Seal;
import flotilla.cluster.protection.SealException;
import flotilla.cluster.stage.GiveBacks;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import flotilla.cluster.wire.WireCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * Session records in a map, from a session's id to its record. The epoch fences writes. The state is sealed with the
 * session's id as context.
 */
public final class SharedSessions implements SessionDirectory {
    private final IMap<String, StoredSession> map;
    private final String node;
    private final WireCodec codec;
    private final Seal seal;
    private final Stages stages;
    private final GiveBacks giveBacks;
    private final Executor blocking;

    /** Writes records in the name of {@code node}; {@code blocking} runs {@link #list}. */
    public SharedSessions(
            IMap<String, StoredSession> map,
            String node,
            WireCodec codec,
            Seal seal,
            Stages stages,
            Executor blocking) {
        this.map = map;
        this.node = node;
        this.codec = codec;
        this.seal = seal;
        this.stages = stages;
        this.giveBacks = stages.giveBacks();
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> claim(String sessionId) {
        return stages.run(() -> map.submitToKey(sessionId, new SessionProcessors.Claim(node)), Optional::ofNullable)
                .thenCompose(claimed -> claimed.isPresent()
                        ? withCurrentSeal(sessionId, claimed.get())
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    /** During key rotation, a claimed record is sealed again with the new key, so that the old key can be removed. */
    private CompletionStage<Optional<SessionRecord>> withCurrentSeal(String sessionId, StoredSession claimed) {
        Optional<SessionRecord> record = Optional.of(record(sessionId, claimed));
        if (seal.isCurrent(claimed.state())) {
            return CompletableFuture.completedFuture(record);
        }
        byte[] state = seal.seal(opened(sessionId, claimed), sessionId);
        return stages.run(
                () -> map.submitToKey(sessionId, new SessionProcessors.Save(claimed.sealedAs(state))), saved -> record);
    }

    @Override
    public CompletionStage<Boolean> save(Holder holder, long epoch, Object state) {
        return giveBacks.after(holder.session(), () -> stages.run(() -> saved(holder, epoch, state), saved -> saved));
    }

    private CompletionStage<Boolean> saved(Holder holder, long epoch, Object state) {
        byte[] sealed = seal.seal(codec.encode(state), holder.session());
        StoredSession record = new StoredSession(epoch, node, sealed, holder.member());
        return map.submitToKey(holder.session(), new SessionProcessors.Save(record));
    }

    @Override
    public CompletionStage<Void> remove(String sessionId, long epoch) {
        return giveBacks.giveBack(
                sessionId,
                () -> stages.insist(() -> map.submitToKey(sessionId, new SessionProcessors.End(epoch)), Voids::of));
    }

    @Override
    public CompletionStage<List<SessionRecord>> list(int limit) {
        return stages.run(() -> CompletableFuture.supplyAsync(() -> page(limit), blocking), found -> found);
    }

    private List<SessionRecord> page(int limit) {
        Set<String> ids = map.keySet().stream().limit(limit).collect(Collectors.toSet());
        return map.getAll(ids).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> record(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Asks every member and blocks. */
    @Override
    public int size() {
        return map.size();
    }

    private SessionRecord record(String sessionId, StoredSession session) {
        try {
            Object state = codec.decode(opened(sessionId, session));
            return new SessionRecord(sessionId, session.epoch(), session.node(), state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] opened(String sessionId, StoredSession session) {
        try {
            return seal.open(session.state(), sessionId);
        } catch (SealException e) {
            throw new UncheckedIOException(e);
        }
    }
}
