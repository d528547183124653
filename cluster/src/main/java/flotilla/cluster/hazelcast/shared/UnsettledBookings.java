package flotilla.cluster.hazelcast.shared;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bookings that failed because no member answered. They are repeated until one succeeds. When {@value #MOST} wait,
 * further ones are dropped: their holds stay until this node ends, and then the home is counted.
 */
final class UnsettledBookings {
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(UnsettledBookings.class);

    private final Queue<Supplier<CompletionStage<Boolean>>> waiting = new ArrayDeque<>();

    synchronized void add(Supplier<CompletionStage<Boolean>> booking) {
        if (waiting.size() >= MOST) {
            LOG.warn("{} changes under quotas wait to be booked, one more is left to the next count of its home", MOST);
            return;
        }
        waiting.add(booking);
    }

    synchronized int size() {
        return waiting.size();
    }

    private synchronized Queue<Supplier<CompletionStage<Boolean>>> takeAll() {
        Queue<Supplier<CompletionStage<Boolean>>> all = new ArrayDeque<>(waiting);
        waiting.clear();
        return all;
    }

    /** Repeats each booking that waits now once. A booking that fails waits again. Does not block. */
    void retry() {
        for (Supplier<CompletionStage<Boolean>> booking : takeAll()) {
            booking.get().whenComplete((done, failure) -> {
                if (failure != null) {
                    add(booking);
                }
            });
        }
    }
}
