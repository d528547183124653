package flotilla.ops.event;

import flotilla.ops.extension.Extension;
import java.time.Duration;
import java.util.List;

/**
 * The settings of events.
 *
 * @param backlog most events that wait in the cluster
 * @param maxDead most events that are kept after their last attempt
 * @param queue most events of this node that wait for the database
 * @param patience longest wait of a client's reply until its change is recorded
 */
public record EventSettings(
        List<Extension> targets,
        List<EventRule> rules,
        int backlog,
        int maxDead,
        int queue,
        Duration patience,
        Attempts attempts) {
    public EventSettings {
        targets = List.copyOf(targets);
        rules = List.copyOf(rules);
    }

    /**
     * The attempts to deliver an event.
     *
     * @param most of them
     * @param inFlight most deliveries to a target at a time
     * @param first pause after the first failure; it doubles each time
     * @param longest pause
     */
    public record Attempts(int most, int inFlight, Duration first, Duration longest) {}

    /** Whether any event goes anywhere. */
    public boolean isOn() {
        return !targets.isEmpty();
    }
}
