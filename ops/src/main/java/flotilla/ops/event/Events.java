package flotilla.ops.event;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Outbox;
import flotilla.node.event.Change;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.ops.extension.Extension;
import flotilla.ops.extension.Providers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The events of a node for programs outside. A change of files is in the outbox before its client hears that it is done.
 * All other events follow as they can.
 */
public final class Events implements EventSink, AutoCloseable {
    /** Part of the backlog beyond which only changes of files are taken. */
    private static final double FOR_CHANGES = 0.9;

    private final ClusterNode cluster;
    private final EventSettings settings;
    private final Map<String, EventTarget> targets;
    private final Map<EventKind, List<EventRule>> rules = new EnumMap<>(EventKind.class);
    private final EventCounts counts = new EventCounts();
    private final EventWriter writer;
    private final Sender sender;

    private Events(ClusterNode cluster, EventSettings settings, Map<String, EventTarget> targets) {
        this.cluster = cluster;
        this.settings = settings;
        this.targets = targets;
        for (EventRule rule : settings.rules()) {
            rule.kinds().forEach(kind -> rules.computeIfAbsent(kind, absent -> new ArrayList<>())
                    .add(rule));
        }
        this.sender = new Sender(cluster, settings, targets, counts, this::tell);
        this.writer = new EventWriter(cluster.outbox(), settings, counts, sender::wake);
        if (settings.isOn()) {
            writer.start();
            sender.start();
        }
    }

    /**
     * Returns the providers on the class path.
     *
     * @throws IllegalStateException when one cannot be loaded, or two have the same type
     */
    public static Providers<EventTargetProvider> providers(List<Extension> named) {
        return Providers.load(EventTargetProvider.class, "event target", EventTargetProvider::type, named);
    }

    /**
     * Opens the targets and begins to send.
     *
     * @throws IllegalStateException when a target cannot be opened; those that were opened before are closed
     */
    public static Events open(ClusterNode cluster, EventSettings settings) {
        Providers<EventTargetProvider> providers = providers(settings.targets());
        Map<String, EventTarget> targets = new LinkedHashMap<>();
        try {
            for (Extension named : settings.targets()) {
                targets.put(
                        named.name(),
                        providers.open(
                                named,
                                provider -> provider.open(
                                        named.name(),
                                        named.settings(),
                                        settings.attempts().inFlight())));
            }
        } catch (IllegalStateException e) {
            targets.values().forEach(Sender::closeTarget);
            throw e;
        }
        return new Events(cluster, settings, targets);
    }

    /** Returns what was done with events. */
    public EventCounts counts() {
        return counts;
    }

    /** Whether any event goes anywhere. */
    public boolean isOn() {
        return settings.isOn();
    }

    /** Returns the names of the targets. */
    public Set<String> targets() {
        return new TreeSet<>(targets.keySet());
    }

    /** Returns the events that wait or are dead. */
    public Outbox outbox() {
        return cluster.outbox();
    }

    /** Lets the node with the lease look at once, if it is this one. */
    public void wake() {
        sender.wake();
    }

    /**
     * Sends a test event to a target at once, from this node and without the outbox. The stage never fails.
     *
     * @param target one of {@link #targets}
     */
    public CompletionStage<EventTarget.Answer> test(String target) {
        EventTarget there = targets.get(target);
        if (there == null) {
            return CompletableFuture.completedFuture(EventTarget.Answer.no("there is no target " + target));
        }
        Event event = Event.of(EventKind.TEST, "", Map.of());
        return there.send(new EventTarget.Message(event.id(), event.type(), event.json(cluster.name()), 1))
                .exceptionally(failure -> EventTarget.Answer.no(
                        String.valueOf((failure.getCause() == null ? failure : failure.getCause()).getMessage())));
    }

    @Override
    public boolean records(Change.Kind kind) {
        return rules.containsKey(EventKind.of(kind));
    }

    @Override
    public CompletionStage<Boolean> record(Change change) {
        List<Outbox.Row> rows = records(change.kind()) ? rows(Occurrences.of(change)) : List.of();
        if (rows.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        if (counts.waiting() >= settings.backlog()) {
            return writer.refused("as many events wait as flotilla.events.backlog allows", null);
        }
        return writer.record(rows);
    }

    @Override
    public void accept(NodeEvent event) {
        if (!rules.isEmpty()) {
            Occurrences.of(event).ifPresent(this::tell);
        }
    }

    /**
     * Tells that a certificate was changed. Does not block.
     *
     * @param name of its file
     */
    public void certificateChanged(String name) {
        tell(Event.of(EventKind.CERTIFICATE_CHANGED, "", Map.of("certificate", name)));
    }

    private void tell(Event event) {
        List<Outbox.Row> rows = rows(event);
        if (rows.isEmpty()) {
            return;
        }
        if (counts.waiting() >= settings.backlog() * FOR_CHANGES) {
            writer.drop(1);
        } else {
            writer.offer(rows);
        }
    }

    /** One row for each target that wants the event. */
    private List<Outbox.Row> rows(Event event) {
        return rules.getOrDefault(event.kind(), List.of()).stream()
                .filter(rule -> rule.matches(event))
                .map(EventRule::target)
                .distinct()
                .map(target -> event.row(target, cluster.name()))
                .toList();
    }

    /** Writes what waits for the database, waits a little for deliveries under way, and gives the lease back. */
    @Override
    public void close() {
        writer.close();
        sender.close();
    }
}
