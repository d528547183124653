package flotilla.cluster.hazelcast.shared;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.hazelcast.entry.CountProcessors;
import flotilla.cluster.hazelcast.entry.MemberIds;
import flotilla.cluster.hazelcast.entry.Processor;
import flotilla.cluster.hazelcast.entry.QuotaBook;
import flotilla.cluster.hazelcast.entry.QuotaProcessors;
import flotilla.cluster.hazelcast.entry.QuotaStep.OnRecord;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Quota books in a map, from a user's name to the book. A missing entry is read from the database. The database
 * receives changes about a second later ({@link QuotaBook}).
 */
public final class SharedQuotas implements QuotaLedger {
    /** Time between two attempts to book the changes that could not be booked, in milliseconds. */
    public static final long RETRY_MILLIS = 1_000;

    private final HazelcastInstance hazelcast;
    private final IMap<String, QuotaRecord> map;
    private final QuotaBook book;
    private final DatabaseWork database;
    private final Stages stages;
    private final UnsettledBookings unsettled = new UnsettledBookings();

    /** Uses {@code map}; {@code database} runs the work of {@code book} that blocks. */
    public SharedQuotas(
            HazelcastInstance hazelcast,
            IMap<String, QuotaRecord> map,
            QuotaBook book,
            DatabaseWork database,
            Stages stages) {
        this.hazelcast = hazelcast;
        this.map = map;
        this.book = book;
        this.database = database;
        this.stages = stages;
    }

    @Override
    public CompletionStage<Optional<Usage>> find(String user) {
        return step(user, QuotaProcessors.Find::new).thenApply(found -> found.map(QuotaRecord::total));
    }

    @Override
    public CompletionStage<Usage> set(String user, Usage usage) {
        return step(user, onRecord -> new QuotaProcessors.SetIfAbsent(usage, onRecord))
                .thenApply(present -> present.orElseThrow().total());
    }

    @Override
    public Reservation reservation(String user) {
        return new SharedReservation(
                this, user, MemberIds.of(hazelcast.getCluster().getLocalMember()));
    }

    @Override
    public CompletionStage<Optional<Count>> beginCount(String user) {
        if (!allKeepHolds()) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "a node of the release before is a member: it does not tell what it changes"));
        }
        long number = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        return step(user, onRecord -> new CountProcessors.Begin(number, onRecord))
                .thenApply(begun -> begun.filter(each -> each != 0).map(Count::new));
    }

    @Override
    public CompletionStage<Optional<Counted>> endCount(String user, Count count, Usage counted) {
        // This step is never repeated: a second run would answer that the count has changed nothing.
        CountProcessors.End step = new CountProcessors.End(count.number(), counted, System.currentTimeMillis());
        return stages.run(() -> map.submitToKey(user, step), before -> Optional.ofNullable(before)
                .map(each -> new Counted(each.stored(), counted)));
    }

    @Override
    public CompletionStage<Void> forget(String user) {
        return stages.run(() -> map.removeAsync(user), before -> user)
                .thenCompose(removed -> stages.run(
                        () -> database.submit(() -> {
                            book.forget(user);
                            return user;
                        }),
                        Voids::of));
    }

    @Override
    public List<String> due(Instant before, int limit) {
        long oldest = before.toEpochMilli();
        return map
                .localKeySet(entry -> {
                    QuotaRecord each = entry.getValue();
                    return !each.uncounted() && each.checked() < oldest;
                })
                .stream()
                .limit(limit)
                .toList();
    }

    boolean allKeepHolds() {
        return MemberIds.allKeepHolds(hazelcast);
    }

    /** The bookings that failed; {@link #settleAgain} repeats them. */
    UnsettledBookings unsettled() {
        return unsettled;
    }

    /** Repeats the bookings that failed, each once. Call this every {@link #RETRY_MILLIS}. Does not block. */
    public void settleAgain() {
        unsettled.retry();
    }

    /**
     * Runs a step on the user's book. If the entry is missing, reads the database and runs the step again with the
     * usage found there.
     *
     * @param make makes the step from the database's record
     * @return the answer; empty when the step answers null although the database was read
     */
    <R> CompletionStage<Optional<R>> step(String user, Function<OnRecord, Processor<QuotaRecord, R>> make) {
        return once(user, make.apply(OnRecord.NOT_ASKED))
                .thenCompose(answer -> answer.isPresent()
                        ? CompletableFuture.completedFuture(answer)
                        : stages.run(() -> database.submit(() -> book.find(user)), found -> found)
                                .thenCompose(found -> once(user, make.apply(new OnRecord(true, found.orElse(null))))));
    }

    private <R> CompletableFuture<Optional<R>> once(String user, Processor<QuotaRecord, R> step) {
        return stages.insist(() -> map.submitToKey(user, step), Optional::ofNullable);
    }
}
