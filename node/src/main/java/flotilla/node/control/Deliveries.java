package flotilla.node.control;

import flotilla.node.message.SessionMessage.Command;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands that wait for their replies. A message between nodes can be lost, and a moving shard drops the messages
 * on their way to it. So a command without a sign of life is sent again under its number; a session obeys a number
 * once.
 */
final class Deliveries {
    private static final long FIRST_PAUSE = 250_000_000L;
    private static final long LONGEST_PAUSE = 2_000_000_000L;

    /** Longest time without a sign of life; after that no answer is expected. */
    private static final long GIVE_UP = 60_000_000_000L;

    private static final class Delivery {
        private final Command command;
        private long pause = FIRST_PAUSE;
        private long due;
        private long alive;

        private Delivery(Command command, long now) {
            this.command = command;
            this.due = now + FIRST_PAUSE;
            this.alive = now;
        }
    }

    private final Map<Long, Delivery> waiting = new LinkedHashMap<>(2);

    void sent(Command command, long now) {
        waiting.put(command.sequence(), new Delivery(command, now));
    }

    /** Notes a reply, or the news that one will come. */
    void alive(long sequence, long now) {
        Delivery delivery = waiting.get(sequence);
        if (delivery != null) {
            delivery.alive = now;
            delivery.pause = LONGEST_PAUSE;
            delivery.due = now + LONGEST_PAUSE;
        }
    }

    void answered(long sequence) {
        waiting.remove(sequence);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The commands to send again now. */
    Collection<Command> due(long now) {
        return again(now, false);
    }

    /** All commands, because the node of their session is lost. */
    Collection<Command> all(long now) {
        return again(now, true);
    }

    private Collection<Command> again(long now, boolean all) {
        List<Command> again = new ArrayList<>(waiting.size());
        for (Delivery delivery : waiting.values()) {
            if (all || delivery.due - now <= 0) {
                delivery.pause = all ? FIRST_PAUSE : Math.min(2 * delivery.pause, LONGEST_PAUSE);
                delivery.due = now + delivery.pause;
                again.add(delivery.command);
            }
        }
        return again;
    }

    /** Returns true when the session has been silent for too long. */
    boolean isHopeless(long now) {
        return waiting.values().stream().anyMatch(delivery -> now - delivery.alive > GIVE_UP);
    }
}
