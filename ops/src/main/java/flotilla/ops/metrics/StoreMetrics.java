package flotilla.ops.metrics;

import flotilla.storage.StoreMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Counts what the stores of this node ask of the services behind them. A provider names its operations and errors from
 * closed lists; beyond a number of them they count as {@code other}.
 */
public final class StoreMetrics implements StoreMeter {
    private static final int MAX_WORDS = 64;
    private static final String STORE = "store";
    private static final String DEFAULT = "default";

    private final MeterRegistry registry;
    /** Meters by name and labels. A look-up in the registry costs ten times as much. */
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();

    private final Map<String, AtomicLong> parts = new ConcurrentHashMap<>();
    /** Operations and errors that are counted one by one. Threads that race may add one each beyond the limit. */
    private final Set<String> operations = ConcurrentHashMap.newKeySet();

    private final Set<String> errors = ConcurrentHashMap.newKeySet();

    /** Makes the meters of a node's stores, each with its first value. */
    public StoreMetrics(Metrics metrics) {
        this.registry = metrics.registry();
    }

    private static String named(String store) {
        return store.isEmpty() ? DEFAULT : store;
    }

    private static String known(Set<String> words, String word) {
        if (words.size() < MAX_WORDS) {
            words.add(word);
        }
        return words.contains(word) ? word : "other";
    }

    private <T extends Meter> T meter(Class<T> type, String key, Supplier<T> made) {
        return type.cast(meters.computeIfAbsent(key, absent -> made.get()));
    }

    private Counter counter(String name, String description, String store, String label, String value) {
        return meter(Counter.class, name + '\n' + store + '\n' + value, () -> {
            Counter.Builder builder =
                    Counter.builder(name).description(description).tag(STORE, named(store));
            return (label.isEmpty() ? builder : builder.tag(label, value)).register(registry);
        });
    }

    @Override
    public void requested(String store, String operation, long nanos, String error) {
        String known = known(operations, operation);
        meter(Timer.class, "time\n" + store + '\n' + known, () -> Timer.builder("flotilla.store.request")
                        .description("Requests to the services of stores, retries included")
                        .tag(STORE, named(store))
                        .tag("operation", known)
                        .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
        if (!error.isEmpty()) {
            counter(
                            "flotilla.store.errors",
                            "Requests to the services of stores that failed",
                            store,
                            "error",
                            known(errors, error))
                    .increment();
        }
    }

    @Override
    public void retried(String store) {
        counter("flotilla.store.retries", "Attempts that stores have made again", store, "", "")
                .increment();
    }

    @Override
    public void moved(String store, boolean sent, long bytes) {
        counter(
                        "flotilla.store.bytes",
                        "Bytes to and from the services of stores",
                        store,
                        "direction",
                        sent ? "sent" : "received")
                .increment((double) bytes);
    }

    @Override
    public void parts(String store, int change) {
        parts.computeIfAbsent(store, name -> {
                    AtomicLong count = new AtomicLong();
                    Gauge.builder("flotilla.store.parts", count, AtomicLong::doubleValue)
                            .description("Parts of uploads on their way to the services of stores")
                            .tag(STORE, named(name))
                            .register(registry);
                    return count;
                })
                .addAndGet(change);
    }
}
