package flotilla.node.data;

import flotilla.node.data.Arrival.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Holds sockets that come to a lease while another socket has it and must still prove itself: that one may be a
 * stranger's. When it proves itself, the waiting sockets are refused; when it is refused, they are matched again. Only
 * a few wait, and only for a while. Safe for many threads (docs/explanation/decisions/0013-whose-data-connection.md).
 */
final class Contests {
    /** Number of sockets that may wait at one lease. */
    static final int MOST = 4;

    /** The outcome of the socket that has the lease; the first call counts. */
    interface Claim {
        Claim NONE = new Claim() {
            @Override
            public void taken() {}

            @Override
            public void refused() {}
        };

        /** Says that the socket belongs to the lease, or has ended. */
        void taken();

        /** Says that the socket was a stranger's and the lease is open again. */
        void refused();
    }

    private final Map<Place, Contest> open = new ConcurrentHashMap<>();
    private final ScheduledExecutorService scheduler;
    private final Duration patience;
    private final Consumer<Arrival> late;
    private final Consumer<Arrival> again;

    /**
     * Creates the registry.
     *
     * @param patience how long a socket waits; zero when none may wait
     * @param late takes a socket whose lease is gone
     * @param again takes a socket whose lease is open again
     */
    Contests(ScheduledExecutorService scheduler, Duration patience, Consumer<Arrival> late, Consumer<Arrival> again) {
        this.scheduler = scheduler;
        this.patience = patience;
        this.late = late;
        this.again = again;
    }

    /** Returns true when sockets may wait at all. */
    boolean arePossible() {
        return !patience.isZero();
    }

    /** Opens the contest for a socket that has taken its lease. */
    Claim begin(Arrival first) {
        if (!arePossible()) {
            return Claim.NONE;
        }
        Contest contest = new Contest(first.place());
        open.put(first.place(), contest);
        return contest;
    }

    /** Lets a socket without a lease wait. Returns false when it has nothing to wait for, or finds no room. */
    boolean join(Arrival second) {
        Contest contest = open.get(second.place());
        return contest != null && contest.join(second);
    }

    private final class Contest implements Claim {
        private final Place place;
        private final List<Arrival> waiting = new ArrayList<>();
        private boolean over;

        Contest(Place place) {
            this.place = place;
        }

        private synchronized boolean join(Arrival second) {
            if (over || waiting.size() >= MOST) {
                return false;
            }
            try {
                scheduler.schedule(() -> leave(second), patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closing) {
                return false;
            }
            return waiting.add(second);
        }

        private void leave(Arrival second) {
            boolean waited;
            synchronized (this) {
                waited = waiting.remove(second);
            }
            if (waited) {
                late.accept(second);
            }
        }

        private List<Arrival> end() {
            open.remove(place, this);
            synchronized (this) {
                over = true;
                List<Arrival> left = List.copyOf(waiting);
                waiting.clear();
                return left;
            }
        }

        @Override
        public void taken() {
            end().forEach(late);
        }

        @Override
        public void refused() {
            end().forEach(again);
        }
    }
}
