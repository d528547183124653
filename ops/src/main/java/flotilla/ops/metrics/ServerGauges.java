package flotilla.ops.metrics;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.Roll;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Gauges of a server besides its node: the build, the room of its stores, the members that should be there. */
public final class ServerGauges {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final MeterRegistry registry;
    private volatile double expected = Double.NaN;
    private volatile long nextLook = System.nanoTime();

    /** Adds to these metrics. */
    public ServerGauges(Metrics metrics) {
        this.registry = metrics.registry();
    }

    /** Adds the version of the program and of the JVM, with the value 1. */
    public void build(String version) {
        Gauge.builder("flotilla.build.info", () -> 1)
                .description("1, with the version of the program and of Java")
                .tag("version", version)
                .tag("java", String.valueOf(Runtime.version().feature()))
                .strongReference(true)
                .register(registry);
    }

    /**
     * Adds the values of a store's file system.
     *
     * @param space reads it; must not block
     */
    public <T> void store(
            String store,
            Supplier<T> space,
            ToDoubleFunction<T> size,
            ToDoubleFunction<T> free,
            ToDoubleFunction<T> readOnly) {
        ofStore("flotilla.storage.size.bytes", "Size of the file system of a store", store, space, size);
        ofStore("flotilla.storage.free.bytes", "Room for uploads in the file system of a store", store, space, free);
        ofStore(
                "flotilla.storage.mounted.read.only",
                "1 while the file system is mounted read-only",
                store,
                space,
                readOnly);
    }

    private <T> void ofStore(
            String name, String description, String store, Supplier<T> space, ToDoubleFunction<T> value) {
        Gauge.builder(name, () -> value.applyAsDouble(space.get()))
                .description(description)
                .tag("store", store)
                .strongReference(true)
                .register(registry);
    }

    /** Adds the number of nodes that should be members: those that are, and those that have not left in order. */
    public void members(Roll roll, AlertBoard board) {
        Gauge.builder("flotilla.cluster.members.expected", () -> expected(roll, board))
                .description("Nodes that are members, or should be: they have not left in order")
                .strongReference(true)
                .register(registry);
        expected(roll, board);
    }

    /** Returns what the last answer of the database said, and asks it again from time to time. Does not block. */
    private double expected(Roll roll, AlertBoard board) {
        if (System.nanoTime() - nextLook >= 0) {
            nextLook = System.nanoTime() + LOOK_NANOS;
            roll.all().thenAccept(entries -> {
                Set<String> names = new HashSet<>(board.names());
                entries.stream().filter(entry -> !entry.inOrder()).forEach(entry -> names.add(entry.name()));
                expected = names.size();
            });
        }
        return expected;
    }
}
