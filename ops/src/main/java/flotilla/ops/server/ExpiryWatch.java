package flotilla.ops.server;

import flotilla.ops.metrics.CertificateGauges;
import flotilla.ops.metrics.CertificateGauges.End;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Warns of certificates that expire: once for each threshold and certificate. Keeps their metrics. */
final class ExpiryWatch {
    private final Supplier<List<Expiry>> certificates;
    private final Supplier<List<Integer>> days;
    private final Consumer<List<End>> gauges;
    private final Clock clock;
    private final Consumer<String> warnings;
    /** The thresholds that were told, for the present certificates only. */
    private Map<Expiry, Integer> told = Map.of();

    private List<Expiry> present = List.of();

    /**
     * Creates a watch.
     *
     * @param certificates reads them; may block
     * @param days the days before the end at which to warn
     * @param gauges see {@link CertificateGauges#show}
     */
    ExpiryWatch(
            Supplier<List<Expiry>> certificates,
            Supplier<List<Integer>> days,
            Consumer<List<End>> gauges,
            Clock clock,
            Consumer<String> warnings) {
        this.certificates = certificates;
        this.days = days;
        this.gauges = gauges;
        this.clock = clock;
        this.warnings = warnings;
    }

    /** Returns the certificates of the last look. */
    synchronized List<Expiry> present() {
        return present;
    }

    /** Looks at all certificates. */
    synchronized void look() {
        present = List.copyOf(certificates.get());
        gauges.accept(present.stream()
                .map(one -> new End(one.name(), one.use(), one.end()))
                .toList());
        Map<Expiry, Integer> telling = new HashMap<>();
        for (Expiry one : present) {
            one.passed(days.get(), clock.instant()).ifPresent(threshold -> {
                if (told.getOrDefault(one, Integer.MAX_VALUE) > threshold && !telling.containsKey(one)) {
                    warnings.accept(one.text(clock.instant()));
                }
                telling.put(one, threshold);
            });
        }
        told = telling;
    }
}
