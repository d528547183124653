package flotilla.ops.server;

import flotilla.ops.event.Events;
import flotilla.ops.metrics.CertificateGauges.End;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tells which certificates were changed: those whose end is another one than at the last look. */
final class CertificateNews implements Consumer<List<End>> {
    private final Consumer<List<End>> next;
    private final Events events;
    private Map<String, Instant> known = Map.of();

    /** @param next gets what was looked at, too */
    CertificateNews(Consumer<List<End>> next, Events events) {
        this.next = next;
        this.events = events;
    }

    @Override
    public synchronized void accept(List<End> ends) {
        Map<String, Instant> now = new HashMap<>();
        for (End end : ends) {
            now.put(end.use() + " " + end.certificate(), end.end());
            Instant before = known.get(end.use() + " " + end.certificate());
            if (before != null && !before.equals(end.end())) {
                events.certificateChanged(end.certificate());
            }
        }
        known = now;
        next.accept(ends);
    }
}
