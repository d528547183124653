package flotilla.ops.alert;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.AlertBoard.Reading;
import flotilla.cluster.Roll;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the nodes of the cluster: those that are away and have not left in order, by the roll in the database, and
 * those that come and go. Each node counts how often another one went, so that the next evaluator knows it, too.
 */
public final class NodesWatch implements Watched {
    private static final Duration SPAN = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int MOST_TIMES = 100;
    private static final long PATIENCE_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(NodesWatch.class);

    private final AlertBoard board;
    private final Roll roll;
    private final String node;
    private final Clock clock;
    private final Instant begin;
    private final Map<String, Deque<Instant>> gone = new HashMap<>();
    private final Map<String, Instant> lastPresent = new HashMap<>();
    private Set<String> present = Set.of();
    private List<Roll.Entry> entries = List.of();
    /** Whether this node has read the roll since it is the evaluator. */
    private boolean knowsRoll;

    private Instant nextLook = Instant.MIN;

    /** @param node name of this node */
    public NodesWatch(AlertBoard board, Roll roll, String node, Clock clock) {
        this.board = board;
        this.roll = roll;
        this.node = node;
        this.clock = clock;
        this.begin = clock.instant();
    }

    @Override
    public List<Reading> read() throws Exception {
        Instant now = clock.instant();
        List<Reading> readings = new ArrayList<>();
        countGone(now, board.names());
        gone.forEach((name, times) -> readings.add(new Reading(Rules.NODE_FLAPPING, name, times.size(), "")));
        readings.add(new Reading(Rules.CLOCK, node, Math.abs(board.clockAhead()) / 100 * 100, ""));
        if (board.isEvaluator()) {
            readings.addAll(lost(now));
        } else {
            knowsRoll = false;
        }
        return readings;
    }

    private void countGone(Instant now, Set<String> names) {
        for (String name : present) {
            if (!names.contains(name)) {
                Deque<Instant> times = gone.computeIfAbsent(name, first -> new ArrayDeque<>());
                times.addLast(now);
                if (times.size() > MOST_TIMES) {
                    times.removeFirst();
                }
            }
        }
        present = Set.copyOf(names);
        present.forEach(name -> lastPresent.put(name, now));
        gone.values().forEach(times -> times.removeIf(time -> time.isBefore(now.minus(SPAN))));
        gone.values().removeIf(Deque::isEmpty);
    }

    private List<Reading> lost(Instant now) throws InterruptedException {
        if (!now.isBefore(nextLook)) {
            nextLook = now.plus(LOOK);
            readRoll();
        }
        if (!knowsRoll) { // while the database is away, what the evaluator before has found is not over
            return board.known().stream()
                    .filter(alert -> alert.firing() && alert.rule().equals(Rules.NODE_LOST))
                    .filter(alert -> !present.contains(alert.subject()))
                    .map(alert -> new Reading(Rules.NODE_LOST, alert.subject(), alert.value(), ""))
                    .toList();
        }
        return entries.stream()
                .filter(entry -> !entry.inOrder() && !present.contains(entry.name()))
                .map(entry -> new Reading(Rules.NODE_LOST, entry.name(), secondsAway(entry, now), ""))
                .toList();
    }

    private void readRoll() throws InterruptedException {
        try {
            entries = roll.all().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            knowsRoll = true;
            lastPresent
                    .keySet()
                    .retainAll(entries.stream().map(Roll.Entry::name).toList());
        } catch (ExecutionException | TimeoutException away) {
            LOG.debug("the roll does not answer", away);
        }
    }

    /** A node of a cluster that starts as a whole gets its time from the start of this node on. The roll may lag. */
    private double secondsAway(Roll.Entry entry, Instant now) {
        Instant known = lastPresent.getOrDefault(entry.name(), begin);
        Instant since = entry.seen().isBefore(known) ? known : entry.seen();
        return Duration.between(since, now).toSeconds();
    }
}
