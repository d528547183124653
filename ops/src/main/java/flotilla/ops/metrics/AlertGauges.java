package flotilla.ops.metrics;

import io.micrometer.core.instrument.Gauge;
import java.util.function.Supplier;

/** The number of alerts that fire. */
public final class AlertGauges {
    private AlertGauges() {}

    /**
     * Adds the gauge.
     *
     * @param firing asked at each scrape; must not block
     */
    public static void add(Metrics metrics, Supplier<Number> firing) {
        Gauge.builder("flotilla.alerts.firing", firing)
                .description("Alerts that fire in the whole cluster")
                .strongReference(true)
                .register(metrics.registry());
    }
}
