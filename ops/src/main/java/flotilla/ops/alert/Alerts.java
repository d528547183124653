package flotilla.ops.alert;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.AlertBoard.Alert;
import flotilla.cluster.AlertBoard.NodeReadings;
import flotilla.cluster.AlertBoard.Reading;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alerts of a node. Once a second it posts what it reads here. The node that is the evaluator also compares the
 * readings of all nodes with the rules, and tells the targets what has changed.
 *
 * <p>An alert is in the cluster before a target is told, and each target is noted there once it was told. So when the
 * evaluator dies, the next one tells what was not told yet, and nothing twice, unless it died between the two.
 */
public final class Alerts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final long PATIENCE_SECONDS = 10;
    /** Unchanged readings are posted again after so many looks. They are kept longer. */
    private static final int POST_AGAIN = 5;
    /** Most readings of a node. */
    private static final int MOST_READINGS = 500;

    private final AlertBoard board;
    private final Self self;
    private final Supplier<List<Rule>> rules;
    private final Map<Watched, List<Reading>> watched = new HashMap<>();
    private final List<TargetQueue> queues;
    private final Clock clock;
    private final Map<String, Alert> acknowledged = new ConcurrentHashMap<>();
    /** What waits at a target of this node: the target, and the state of an alert. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "flotilla-alerts");
        made.setDaemon(true);
        return made;
    });
    private List<Reading> posted = List.of();
    private int looks;
    private boolean failing;

    /** The names of the cluster and of this node, for the targets. */
    public record Self(String cluster, String node) {}

    Alerts(
            AlertBoard board,
            Self self,
            Supplier<List<Rule>> rules,
            List<Watched> watched,
            List<TargetQueue> queues,
            Clock clock) {
        this.board = board;
        this.self = self;
        this.rules = rules;
        watched.forEach(each -> this.watched.put(each, List.of()));
        this.queues = List.copyOf(queues);
        this.clock = clock;
    }

    /**
     * Starts to watch.
     *
     * @param settings asked at each look; the targets are those at the start
     * @param certificateDays days before the end of a certificate, asked at each look
     * @throws IOException when a target cannot be used
     */
    public static Alerts start(
            AlertBoard board,
            Self self,
            Supplier<AlertSettings> settings,
            Supplier<List<Integer>> certificateDays,
            List<Watched> watched)
            throws IOException {
        Alerts alerts = new Alerts(
                board,
                self,
                () -> Rules.of(settings.get(), certificateDays.get()),
                watched,
                TargetList.open(settings.get().targets()),
                Clock.systemUTC());
        alerts.thread.scheduleWithFixedDelay(alerts::lookSafely, 1, 1, TimeUnit.SECONDS);
        return alerts;
    }

    private void lookSafely() {
        try {
            look();
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            if (!failing) {
                LOG.warn("alerts are not looked at now, the cluster does not answer: {}", e.toString());
            }
            failing = true;
        }
    }

    /** Looks once. Blocks while the cluster answers. */
    void look() throws InterruptedException, ExecutionException, TimeoutException {
        boolean wasEvaluator = board.isEvaluator(); // only then, the readings have what it alone reads
        List<Reading> read = read();
        if (looks++ % POST_AGAIN == 0 || !read.equals(posted)) {
            await(board.post(new NodeReadings(self.node(), read)));
            posted = read;
        }
        if (!wasEvaluator || !board.isEvaluator()) {
            underWay.clear();
            acknowledged.clear();
            return;
        }
        Map<String, Alert> alerts = new HashMap<>(await(board.alerts()));
        for (String key : List.copyOf(acknowledged.keySet())) {
            note(alerts, key);
        }
        List<NodeReadings> all = await(board.readings());
        boolean isWhole = all.size() >= board.members();
        for (Alert next : Evaluation.next(rules.get(), all, alerts, isWhole, clock.instant())) {
            await(board.put(next));
            alerts.put(next.key(), next);
        }
        for (Alert alert : alerts.values()) {
            tell(alert);
        }
    }

    private List<Reading> read() {
        List<Reading> all = new ArrayList<>();
        watched.replaceAll((source, former) -> {
            try {
                return source.read();
            } catch (Exception unknown) {
                LOG.debug("{} reads nothing now", source, unknown);
                return former;
            }
        });
        watched.values().forEach(all::addAll);
        // the kinds with many subjects come last: they must not displace the others
        Map<String, Long> number = all.stream().collect(Collectors.groupingBy(Reading::kind, Collectors.counting()));
        all.sort(Comparator.comparing((Reading reading) -> number.getOrDefault(reading.kind(), 0L))
                .thenComparing(Reading::kind)
                .thenComparing(Reading::subject));
        return all.size() > MOST_READINGS ? all.subList(0, MOST_READINGS) : all;
    }

    private static String version(Alert alert) {
        return alert.id() + '/' + alert.level() + '/' + alert.firing();
    }

    private void tell(Alert alert) throws InterruptedException, ExecutionException, TimeoutException {
        for (TargetQueue queue : queues) {
            String name = queue.target().name();
            String what = name + ' ' + version(alert);
            if (!alert.told().contains(name) && underWay.add(what)) {
                Notice notice = new Notice(alert, self.cluster(), self.node(), clock.instant());
                if (!queue.offer(notice, () -> acknowledged.put(what, alert))) {
                    underWay.remove(what); // the next look offers it again
                }
            }
        }
        if (!alert.firing() && isTold(alert)) {
            await(board.remove(alert));
        }
    }

    private boolean isTold(Alert alert) {
        return queues.stream()
                .allMatch(queue -> alert.told().contains(queue.target().name()));
    }

    /** Notes in the cluster that a target was told, unless the alert is another one since. */
    private void note(Map<String, Alert> alerts, String what)
            throws InterruptedException, ExecutionException, TimeoutException {
        Alert told = acknowledged.get(what);
        if (told == null) {
            return;
        }
        Alert now = alerts.get(told.key());
        if (now != null && version(now).equals(version(told))) {
            Set<String> targets = new HashSet<>(now.told());
            targets.add(what.substring(0, what.indexOf(' ')));
            Alert noted = new Alert(
                    now.id(),
                    now.rule(),
                    now.subject(),
                    now.level(),
                    now.firing(),
                    now.value(),
                    now.text(),
                    now.since(),
                    targets);
            await(board.put(noted));
            alerts.put(noted.key(), noted);
        }
        acknowledged.remove(what);
        underWay.remove(what);
    }

    private static <T> T await(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Returns the alerts that fire, by the time of their beginning. Does not block. */
    public List<Alert> firing() {
        return board.known().stream()
                .filter(Alert::firing)
                .sorted(Comparator.comparingLong(Alert::since))
                .toList();
    }

    /** Returns the names of the targets. */
    public List<String> targets() {
        return queues.stream().map(queue -> queue.target().name()).toList();
    }

    /**
     * Tells a target a test alert, once.
     *
     * @return empty when the target has it; why it has not otherwise; fails with {@link IllegalArgumentException} when
     *     there is no such target
     */
    public CompletionStage<Optional<String>> test(String name) {
        Optional<Target> target = queues.stream()
                .map(TargetQueue::target)
                .filter(each -> each.name().equals(name))
                .findFirst();
        if (target.isEmpty()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(name));
        }
        Instant now = clock.instant();
        Alert alert = new Alert(
                "test", "test", "", 1, true, 1, "this is a test, nothing is wrong", now.toEpochMilli(), Set.of());
        CompletableFuture<Optional<String>> done = new CompletableFuture<>();
        Thread once = new Thread(
                () -> {
                    try {
                        target.get().tell(new Notice(alert, self.cluster(), self.node(), now));
                        done.complete(Optional.empty());
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        done.complete(Optional.of(e.getMessage() == null ? e.toString() : e.getMessage()));
                    }
                },
                "flotilla-alert-test");
        once.setDaemon(true);
        once.start();
        return done;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        queues.forEach(TargetQueue::close);
    }
}
