package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.node.data.Traffic;
import flotilla.node.data.Traffic.Direction;
import flotilla.node.event.EventSink;
import flotilla.node.figures.MinuteFigures;
import flotilla.node.refusal.RefusalLog;
import flotilla.node.trace.TraceRing;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a node remembers of its events for operators.
 *
 * @param refusals the last refusals
 * @param figures the figures of the minutes
 * @param trace the last lines of the trace
 */
record NodeRecords(RefusalLog refusals, MinuteFigures figures, TraceRing trace) {
    /**
     * Makes empty records.
     *
     * @param sessions number of sessions on this node
     * @param traffic the bytes of this node; asked once it has started
     */
    static NodeRecords of(
            NodeSettings.ViewSettings settings, ClusterNode cluster, IntSupplier sessions, Supplier<Traffic> traffic) {
        Clock clock = Clock.systemUTC();
        return new NodeRecords(
                new RefusalLog(cluster.name(), settings.refusals(), cluster.bans()::find, clock),
                new MinuteFigures(
                        cluster.name(),
                        cluster.figures(),
                        sessions,
                        () -> traffic.get().bytes(Direction.UPLOAD),
                        () -> traffic.get().bytes(Direction.DOWNLOAD)
                                + traffic.get().bytes(Direction.LISTING),
                        clock),
                new TraceRing(cluster.name(), clock));
    }

    /** Returns a sink that passes each event to these records, too. */
    EventSink and(EventSink others) {
        return EventSink.both(others, EventSink.both(refusals, EventSink.both(figures, trace)));
    }

    /** Gives full minutes to the cluster from now on. */
    void start(ScheduledExecutorService timers) {
        timers.scheduleWithFixedDelay(figures::turn, 1, 1, TimeUnit.SECONDS);
    }
}
