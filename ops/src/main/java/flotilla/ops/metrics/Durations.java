package flotilla.ops.metrics;

import flotilla.node.data.Traffic;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Histograms of the times of commands, logins and transfers. */
public final class Durations implements EventSink {
    private static final Duration[] COMMANDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };
    private static final Duration[] TRANSFERS = {
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1)
    };

    private final Map<Work, Timer> commands = new EnumMap<>(Work.class);
    private final Map<Traffic.Direction, Timer> transfers = new EnumMap<>(Traffic.Direction.class);

    /** Adds the histograms to these metrics, all of them with no value. */
    public Durations(Metrics metrics) {
        for (Work work : Work.values()) {
            commands.put(
                    work,
                    Timer.builder("flotilla.command.duration")
                            .description("Times from commands to their replies, without those of transfers")
                            .tag("work", Reasons.name(work))
                            .serviceLevelObjectives(COMMANDS)
                            .register(metrics.registry()));
        }
        for (Traffic.Direction direction : Traffic.Direction.values()) {
            transfers.put(
                    direction,
                    Timer.builder("flotilla.transfer.duration")
                            .description("Times of transfers that were complete")
                            .tag("direction", Reasons.name(direction))
                            .serviceLevelObjectives(TRANSFERS)
                            .register(metrics.registry()));
        }
    }

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.TransferFinished finished
                && finished.result().isComplete()) {
            Timer timer = transfers.get(Traffic.Direction.of(finished.transfer()));
            if (timer != null) {
                timer.record(finished.result().millis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public void answered(Work work, long nanos) {
        Timer timer = commands.get(work);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
