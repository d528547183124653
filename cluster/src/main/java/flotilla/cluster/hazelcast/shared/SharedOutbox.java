package flotilla.cluster.hazelcast.shared;

import flotilla.cluster.Outbox;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcOutbox;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The outbox in the database of the accounts. */
public final class SharedOutbox implements Outbox {
    private final Supplier<JdbcOutbox> rows;
    private final DatabaseWork work;

    /**
     * Keeps events in {@code rows}.
     *
     * @param rows may block until the database is open
     */
    public SharedOutbox(Supplier<JdbcOutbox> rows, DatabaseWork work) {
        this.rows = rows;
        this.work = work;
    }

    @Override
    public CompletionStage<Boolean> add(List<Row> added) {
        return work.submit(() -> rows.get().add(added));
    }

    @Override
    public CompletionStage<List<Entry>> due(String target, long now, int limit) {
        return work.submit(() -> rows.get().due(target, now, limit));
    }

    @Override
    public CompletionStage<Boolean> settle(List<Long> delivered, List<Failure> failed) {
        return work.submit(() -> rows.get().settle(delivered, failed));
    }

    @Override
    public CompletionStage<Counts> counts() {
        return work.submit(() -> rows.get().counts());
    }

    @Override
    public CompletionStage<List<Entry>> list(boolean dead, long after, int limit) {
        return work.submit(() -> rows.get().list(dead, after, limit));
    }

    @Override
    public CompletionStage<Integer> revive(Optional<String> id) {
        return work.submit(() -> rows.get().revive(id));
    }

    @Override
    public CompletionStage<Integer> forget(String id) {
        return work.submit(() -> rows.get().forget(id));
    }

    @Override
    public CompletionStage<Integer> trim(int most) {
        return work.submit(() -> rows.get().trim(most));
    }

    @Override
    public CompletionStage<Optional<Lease>> lease() {
        return work.submit(() -> rows.get().lease());
    }

    @Override
    public CompletionStage<Boolean> replaceLease(Optional<Lease> seen, Lease next) {
        return work.submit(() -> rows.get().replaceLease(seen, next));
    }
}
