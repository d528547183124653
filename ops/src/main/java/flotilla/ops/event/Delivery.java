package flotilla.ops.event;

import flotilla.cluster.Outbox;
import flotilla.cluster.Outbox.Entry;
import flotilla.cluster.Outbox.Failure;
import flotilla.ops.event.EventSettings.Attempts;
import flotilla.ops.event.EventTarget.Answer;
import flotilla.ops.event.EventTarget.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what waits in the outbox. One thread calls it, and only while its node has the lease. Deliveries to a target run
 * side by side, except those that share a place. An event that is under way when its node dies is sent again by the next
 * one, with the same id.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    /** Least failures in a row after which a target is tried by one delivery at a time. */
    private static final int DOUBTED = 5;

    private static final Duration LONGEST_DOUBT = Duration.ofSeconds(30);
    /** Beyond it, doubling the pause would overflow. */
    private static final int MOST_DOUBLINGS = 30;

    private final Outbox outbox;
    private final Attempts attempts;
    private final LongSupplier millis;
    private final RandomGenerator random;
    private final EventCounts counts;
    private final Runnable wake;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Queue<Result> results = new ConcurrentLinkedQueue<>();

    /** The deliveries to one target. */
    private static final class Lane {
        private final EventTarget target;
        /** Sequences of the rows that are under way, or whose result the database does not have yet. */
        private final Set<Long> busy = new HashSet<>();

        /** Failures in a row. */
        private int failures;
        /** Failures of deliveries that were alone, since the target is tried by one at a time. */
        private int doubts;

        private long resumeAt;

        Lane(EventTarget target) {
            this.target = target;
        }
    }

    private record Result(Lane lane, Entry entry, Answer answer) {}

    /**
     * Sends nothing yet.
     *
     * @param millis the time in milliseconds since 1970
     * @param random for pauses
     * @param wake is called on any thread when {@link #round} has something to do
     */
    Delivery(
            Outbox outbox,
            Map<String, EventTarget> targets,
            Attempts attempts,
            LongSupplier millis,
            RandomGenerator random,
            EventCounts counts,
            Runnable wake) {
        this.outbox = outbox;
        this.attempts = attempts;
        this.millis = millis;
        this.random = random;
        this.counts = counts;
        this.wake = wake;
        targets.forEach((name, target) -> lanes.put(name, new Lane(target)));
    }

    /**
     * Writes the results that came, and sends what is due. Blocks for the database.
     *
     * @throws RuntimeException when the database fails; all is tried again in the next round
     */
    void round() {
        settle();
        lanes.forEach(this::fill);
    }

    /** Number of deliveries without a result in the database. */
    int underWay() {
        return lanes.values().stream().mapToInt(lane -> lane.busy.size()).sum();
    }

    /** Writes the results that came to the outbox. Blocks. */
    void settle() {
        List<Result> came = new ArrayList<>(results);
        if (came.isEmpty()) {
            return;
        }
        List<Long> delivered = new ArrayList<>();
        List<Failure> failed = new ArrayList<>();
        for (Result result : came) {
            if (result.answer().accepted()) {
                delivered.add(result.entry().sequence());
            } else {
                failed.add(failure(result));
            }
        }
        outbox.settle(delivered, failed).toCompletableFuture().join();
        for (Result result : came) {
            results.remove();
            result.lane().busy.remove(result.entry().sequence());
            note(result.lane(), result.answer());
        }
        counts.delivered.add(delivered.size());
        counts.failed.add(failed.size());
        counts.died.add(failed.stream().filter(Failure::dead).count());
    }

    private Failure failure(Result result) {
        Entry entry = result.entry();
        int made = entry.attempts() + 1;
        boolean dead = made >= attempts.most();
        if (dead) {
            LOG.warn(
                    "the event {} ({}) was not taken by {} in {} attempts and is kept as dead: {}",
                    entry.id(),
                    entry.type(),
                    entry.target(),
                    made,
                    result.answer().text());
        }
        return new Failure(
                entry.sequence(),
                millis.getAsLong() + pause(made, result.answer()),
                dead,
                result.answer().text());
    }

    /** Between half and all of a pause that doubles, and at least what the target asked for. In milliseconds. */
    private long pause(int made, Answer answer) {
        long longest = attempts.longest().toMillis();
        long full = Math.min(longest, attempts.first().toMillis() << Math.min(made - 1, MOST_DOUBLINGS));
        long jittered = full / 2 + random.nextLong(full / 2 + 1);
        long asked = answer.after().map(Duration::toMillis).orElse(0L);
        return Math.max(jittered, Math.min(asked, longest));
    }

    private void fill(String name, Lane lane) {
        int room = (isDoubted(lane) ? 1 : attempts.inFlight()) - lane.busy.size();
        if (room <= 0 || millis.getAsLong() < lane.resumeAt) {
            return;
        }
        outbox.due(name, millis.getAsLong(), room + lane.busy.size()).toCompletableFuture().join().stream()
                .filter(entry -> !lane.busy.contains(entry.sequence()))
                .limit(room)
                .forEach(entry -> send(lane, entry));
    }

    private void send(Lane lane, Entry entry) {
        lane.busy.add(entry.sequence());
        CompletableFuture<Answer> sent;
        try {
            sent = lane.target
                    .send(new Message(entry.id(), entry.type(), entry.payload(), entry.attempts() + 1))
                    .toCompletableFuture()
                    .copy();
        } catch (RuntimeException | LinkageError e) { // a target of others
            sent = CompletableFuture.failedFuture(e);
        }
        sent.orTimeout(lane.target.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    results.add(new Result(lane, entry, answer == null ? failed(failure) : answer));
                    wake.run();
                });
    }

    private static Answer failed(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause instanceof CompletionException) {
            cause = cause.getCause();
        }
        return Answer.no(cause instanceof TimeoutException ? "no answer in time" : String.valueOf(cause.getMessage()));
    }

    private boolean isDoubted(Lane lane) {
        return lane.failures >= Math.max(DOUBTED, attempts.inFlight());
    }

    /** Notes how a target does: after failures in a row it is left in peace for a while. */
    private void note(Lane lane, Answer answer) {
        if (answer.accepted()) {
            lane.failures = 0;
            lane.doubts = 0;
            return;
        }
        lane.failures++;
        if (isDoubted(lane) && lane.busy.isEmpty()) {
            long longest = Math.min(LONGEST_DOUBT.toMillis(), attempts.longest().toMillis());
            long full = attempts.first().toMillis() << Math.min(lane.doubts, MOST_DOUBLINGS);
            lane.resumeAt = millis.getAsLong() + Math.min(longest, full);
            lane.doubts++;
        }
    }
}
