package flotilla.ops.metrics;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;

/** The dates until which certificates are valid. */
public final class CertificateGauges {
    private final MultiGauge gauges;

    /**
     * The end of a certificate.
     *
     * @param certificate the name of its file
     * @param use who is shown it: clients, admin-api, nodes, authority or client-ca
     */
    public record End(String certificate, String use, Instant end) {}

    public CertificateGauges(Metrics metrics) {
        gauges = MultiGauge.builder("flotilla.tls.certificate.expiration.timestamp.seconds")
                .description("Time when a certificate expires, since the epoch")
                .register(metrics.registry());
    }

    /** Shows these, and no earlier ones. */
    public void show(List<End> ends) {
        gauges.register(
                ends.stream()
                        .map(end -> MultiGauge.Row.of(
                                Tags.of("certificate", end.certificate(), "use", end.use()),
                                end.end().getEpochSecond()))
                        .toList(),
                true);
    }
}
