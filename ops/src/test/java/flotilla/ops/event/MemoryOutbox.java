package flotilla.ops.event;

import flotilla.cluster.Outbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An outbox in memory. It can be away. */
final class MemoryOutbox implements Outbox {
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Map<Long, List<String>> places = new HashMap<>();
    private Optional<Lease> lease = Optional.empty();
    private long sequence;
    private long transactions;
    private boolean away;

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    synchronized void away(boolean now) {
        away = now;
    }

    /** Number of transactions that added rows. */
    synchronized long transactions() {
        return transactions;
    }

    private void check() {
        if (away) {
            throw new IllegalStateException("the database is away");
        }
    }

    @Override
    public synchronized CompletionStage<Boolean> add(List<Row> rows) {
        check();
        transactions++;
        for (Row row : rows) {
            boolean known = entries.values().stream()
                    .anyMatch(e -> e.id().equals(row.id()) && e.target().equals(row.target()));
            if (!known) {
                sequence++;
                entries.put(
                        sequence,
                        new Entry(sequence, row.id(), row.target(), row.type(), row.payload(), 0, 0, false, ""));
                places.put(sequence, row.places());
            }
        }
        return done(true);
    }

    @Override
    public synchronized CompletionStage<List<Entry>> due(String target, long now, int limit) {
        check();
        List<Entry> due = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!entry.target().equals(target) || entry.dead()) {
                continue;
            }
            List<String> of = places.get(entry.sequence());
            if (entry.nextAt() <= now && of.stream().noneMatch(taken::contains) && due.size() < limit) {
                due.add(entry);
            }
            taken.addAll(of);
        }
        return done(due);
    }

    @Override
    public synchronized CompletionStage<Boolean> settle(List<Long> delivered, List<Failure> failed) {
        check();
        delivered.forEach(entries::remove);
        for (Failure failure : failed) {
            entries.computeIfPresent(
                    failure.sequence(),
                    (key, e) -> new Entry(
                            key,
                            e.id(),
                            e.target(),
                            e.type(),
                            e.payload(),
                            e.attempts() + 1,
                            failure.nextAt(),
                            failure.dead(),
                            failure.problem()));
        }
        return done(true);
    }

    @Override
    public synchronized CompletionStage<Counts> counts() {
        check();
        long dead = entries.values().stream().filter(Entry::dead).count();
        return done(new Counts(entries.size() - dead, dead));
    }

    @Override
    public synchronized CompletionStage<List<Entry>> list(boolean dead, long after, int limit) {
        check();
        return done(entries.tailMap(after, false).values().stream()
                .filter(entry -> entry.dead() == dead)
                .limit(limit)
                .toList());
    }

    @Override
    public CompletionStage<Integer> revive(Optional<String> id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Integer> forget(String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Integer> trim(int most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized CompletionStage<Optional<Lease>> lease() {
        check();
        return done(lease);
    }

    @Override
    public synchronized CompletionStage<Boolean> replaceLease(Optional<Lease> seen, Lease next) {
        check();
        if (!lease.equals(seen)) {
            return done(false);
        }
        lease = Optional.of(next);
        return done(true);
    }
}
