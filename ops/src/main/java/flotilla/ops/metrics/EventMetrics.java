package flotilla.ops.metrics;

import flotilla.ops.event.EventCounts;
import flotilla.ops.event.Events;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The metrics of events for programs outside. */
public final class EventMetrics {
    private EventMetrics() {}

    /** Adds the metrics. */
    public static void bind(Metrics metrics, Events events) {
        MeterRegistry registry = metrics.registry();
        EventCounts counts = events.counts();
        Gauge.builder("flotilla.events.backlog", counts, EventCounts::waiting)
                .description("Events of the cluster that wait for their targets, some seconds old")
                .register(registry);
        Gauge.builder("flotilla.events.dead", counts, EventCounts::dead)
                .description("Events of the cluster that no attempt could deliver, some seconds old")
                .register(registry);
        count(registry, counts, "recorded", "Events that this node has put into the outbox", EventCounts::recorded);
        count(registry, counts, "delivered", "Events that a target acknowledged to this node", EventCounts::delivered);
        count(registry, counts, "failed", "Attempts of this node to deliver an event that failed", EventCounts::failed);
        count(registry, counts, "died", "Events that this node gave up after their last attempt", EventCounts::died);
        count(
                registry,
                counts,
                "dropped",
                "Events dropped before they were recorded, no uploads",
                EventCounts::dropped);
        count(
                registry,
                counts,
                "refused",
                "Changes answered 451 because their event was not recorded",
                EventCounts::refused);
    }

    private static void count(
            MeterRegistry registry,
            EventCounts counts,
            String what,
            String about,
            ToDoubleFunction<EventCounts> value) {
        FunctionCounter.builder("flotilla.events." + what, counts, value)
                .description(about)
                .register(registry);
    }
}
