package flotilla.node.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.Figures.Figure;
import flotilla.cluster.Figures.Minute;
import flotilla.cluster.Figures.Part;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.fixture.MemoryFigures;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MinuteFiguresTest {
    private final MemoryFigures cluster = new MemoryFigures();
    private final AtomicLong seconds = new AtomicLong(6_000);
    private final AtomicLong moved = new AtomicLong();
    private final MinuteFigures figures = new MinuteFigures("node-1", cluster, () -> 7, moved::get, () -> 0, clock());

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochSecond(seconds.get());
            }
        };
    }

    private void refuse(String address) {
        figures.accept(new NodeEvent.Refused(address, Refusal.OVERLOADED));
    }

    private List<Minute> kept(Part part) throws Exception {
        return cluster.since(part, 0).toCompletableFuture().get();
    }

    private static Figure of(List<Minute> minutes, String kind, String name) {
        return minutes.stream()
                .flatMap(minute -> minute.figures().stream())
                .filter(figure -> figure.kind().equals(kind) && figure.name().equals(name))
                .reduce(Figure::plus)
                .orElseThrow();
    }

    @Test
    void aFullMinuteIsGivenToTheClusterOnceAndTheRunningOneIsToldMeanwhile() throws Exception {
        refuse("192.0.2.1");
        moved.set(500);
        figures.turn();
        assertEquals(List.of(), kept(Part.TOTALS));
        assertEquals(
                1,
                of(figures.running(Part.TOTALS), "cause", "refused-overloaded").failures());
        assertEquals(500, of(figures.running(Part.TOTALS), "node", "node-1").bytesIn());
        assertEquals(7, of(figures.running(Part.TOTALS), "node", "node-1").sessions());
        seconds.addAndGet(60);
        moved.set(800);
        figures.turn();
        figures.turn();
        assertEquals(800, of(kept(Part.TOTALS), "node", "node-1").bytesIn());
        assertEquals(7, of(kept(Part.TOTALS), "node", "node-1").sessions());
        assertEquals(1, of(kept(Part.NAMES), "address", "192.0.2.1").failures());
        assertEquals(0, of(figures.running(Part.TOTALS), "node", "node-1").bytesIn());
        assertEquals(1, figures.running(Part.TOTALS).size());
    }

    @Test
    void aMinuteThatTheClusterDidNotTakeIsGivenAgain() throws Exception {
        cluster.works = false;
        refuse("192.0.2.1");
        seconds.addAndGet(60);
        figures.turn();
        assertEquals(2, figures.running(Part.TOTALS).size());
        cluster.works = true;
        figures.turn();
        assertEquals(1, of(kept(Part.TOTALS), "cause", "refused-overloaded").failures());
        assertEquals(1, figures.running(Part.TOTALS).size());
    }

    @Test
    void manyAddressesAreCountedAsTheBusiestAndTheRest() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            refuse("10.0." + i / 250 + "." + i % 250);
        }
        refuse("10.0.0.7");
        seconds.addAndGet(60);
        figures.turn();
        List<Minute> names = kept(Part.NAMES);
        assertEquals(51, names.get(0).figures().size());
        assertEquals(2, of(names, "address", "10.0.0.7").failures());
        assertEquals(
                3_001,
                names.get(0).figures().stream().mapToLong(Figure::failures).sum());
    }
}
