package flotilla.ops.metrics;

import com.sun.management.OperatingSystemMXBean;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.Limits;
import flotilla.node.FtpsNode;
import flotilla.node.auth.Answers;
import flotilla.node.data.Traffic;
import flotilla.node.overview.Members;
import flotilla.ops.hook.HookQueue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Values that can be read from a running node at any time: present amounts, and the state of the cluster and the JVM.
 */
public final class NodeGauges implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 1_000;

    private final Metrics metrics;
    private final ClusterNode cluster;
    /** Keeps the object alive: the registry has only a weak reference. */
    private final LongSupplier lostLines;

    private final JvmGcMetrics collections = new JvmGcMetrics();
    private volatile double total = Double.NaN;

    /**
     * Adds a node's gauges to its metrics.
     *
     * @param lostLines number of lines that all logs have lost so far
     */
    public NodeGauges(Metrics metrics, FtpsNode node, Members members, LongSupplier lostLines) {
        this.metrics = metrics;
        this.cluster = node.cluster();
        this.lostLines = lostLines;
        gauge("flotilla.control.connections", "Control connections held by this node", node::connections);
        gauge("flotilla.sessions", "Sessions owned by this node", node.live()::count);
        gauge("flotilla.transfers.running", "Data connections of this node that work", node::transfers);
        gauge(
                "flotilla.storage.full",
                "File systems, and quotas of file systems, that uploads found without room",
                node::fullStorages);
        gauge("flotilla.digests.running", "File digests computed now", node::digests);
        gauge("flotilla.scans.running", "Scans of uploads that run now", node::scans);
        gauge(
                "flotilla.passive.leases",
                "Leases of passive ports that this member looks after",
                cluster.passivePool()::leased);
        gauge(
                "flotilla.passive.ports",
                "Ports of the passive pool",
                () -> node.settings().data().ports().size());
        gauge(
                "flotilla.user.database.up",
                "1 while the database of the accounts answers",
                () -> bit(cluster.users().isUp()));
        gauge(
                "flotilla.read.only",
                "1 while changes of files are refused",
                () -> bit(node.settings().session().readOnly()
                        || cluster.writeStop().find().isPresent()));
        gauge("flotilla.bans", "Bans in force", () -> cluster.bans().count());
        limit("flotilla.limit.held", "Slots of a limit that are taken", "max-sessions", () -> total);
        limit("flotilla.limit.held", "Slots of a limit that are taken", "max-sessions-per-node", node::connections);
        limit("flotilla.limit.held", "Slots of a limit that are taken", "max-transfers", node::transfers);
        limit("flotilla.limit.max", "What a limit is set to, 0 for none", "max-sessions", () -> node.settings()
                .control()
                .admission()
                .maxSessions());
        limit("flotilla.limit.max", "What a limit is set to, 0 for none", "max-sessions-per-node", () -> node.settings()
                .control()
                .admission()
                .maxPerNode());
        limit("flotilla.limit.max", "What a limit is set to, 0 for none", "max-transfers", () -> node.settings()
                .data()
                .maxTransfers());
        FunctionCounter.builder("flotilla.cluster.operations", cluster, ClusterNode::operations)
                .description("Operations on what nodes share that this node has started")
                .register(metrics.registry());
        for (Traffic.Direction direction : Traffic.Direction.values()) {
            FunctionCounter.builder("flotilla.transfer.bytes", node.traffic(), moved -> moved.bytes(direction))
                    .description("Bytes that data connections have moved")
                    .tag("direction", direction.name().toLowerCase(Locale.ROOT))
                    .register(metrics.registry());
        }
        FunctionCounter.builder("flotilla.log.lines.lost", this, gauges -> gauges.lostLines.getAsLong())
                .description("Lines of logs that could not be written")
                .register(metrics.registry());
        gauge("flotilla.cluster.members", "Members that are up, as this node sees it", members::up);
        gauge("flotilla.cluster.unreachable", "Members that this node cannot reach", members::unreachable);
        gauge(
                "flotilla.cluster.agreed",
                "1 while Pekko and Hazelcast agree on the members",
                () -> bit(cluster.isAgreed()));
        gauge(
                "flotilla.ready",
                "1 while the node takes new connections",
                () -> bit(node.unready().isEmpty()));
        gauge("flotilla.draining", "1 while the node is taken out of service", () -> bit(node.isDraining()));
        node.authentications().forEach(this::countAnswers);
        bindJvm(metrics.registry());
    }

    private void countAnswers(String authenticator, Answers answers) {
        for (Answers.Kind kind : Answers.Kind.values()) {
            FunctionCounter.builder("flotilla.authenticator.answers", answers, counts -> counts.counted(kind))
                    .description("Answers of an authenticator about logins; failures also about users of sessions")
                    .tag("authenticator", authenticator)
                    .tag("result", kind.name().toLowerCase(Locale.ROOT))
                    .register(metrics.registry());
        }
    }

    /** Adds the counters of a hook's events. */
    public void count(HookQueue hook) {
        count(hook, "delivered", HookQueue::delivered);
        count(hook, "failed", HookQueue::failed);
        count(hook, "dropped", HookQueue::dropped);
    }

    private void count(HookQueue hook, String result, ToDoubleFunction<HookQueue> events) {
        FunctionCounter.builder("flotilla.hook.events", hook, events)
                .description("Events for a hook: it took them, it failed, or it was too slow for them")
                .tag("hook", hook.name())
                .tag("result", result)
                .register(metrics.registry());
    }

    private void bindJvm(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu.seconds", system, NodeGauges::cpuSeconds)
                    .description("CPU time of the process")
                    .register(registry);
        }
        gauge("system.cpus", "Processors that the JVM may use", Runtime.getRuntime()::availableProcessors);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    private static double cpuSeconds(OperatingSystemMXBean system) {
        return system.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static int bit(boolean on) {
        return on ? 1 : 0;
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(metrics.registry());
    }

    private void limit(String name, String description, String limit, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tag("limit", limit).register(metrics.registry());
    }

    /** Returns all metrics in Prometheus' text format. Waits a moment for the answers of other members. */
    public String scrape() {
        try {
            total = cluster.limits()
                    .held(Limits.Key.TOTAL)
                    .toCompletableFuture()
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            total = Double.NaN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return metrics.scrape();
    }

    @Override
    public void close() {
        collections.close();
    }
}
