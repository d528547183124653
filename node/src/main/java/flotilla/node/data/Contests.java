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
 * Sockets that come to a lease which another one has taken that is still to prove itself: a thief comes first. They wait, for a while and a few only, until that one
 * is taken, and they are refused, or is refused, and they are matched again. Safe for many threads.
 */
final class Contests {
    /** Sockets that wait at one lease: the right one and some that are not. */
    static final int MOST = 4;

    /** What the socket that has the lease tells of itself; the first word counts. */
    interface Claim {
        Claim NONE = new Claim() {
            @Override
            public void taken() {}

            @Override
            public void refused() {}
        };

        /** It is the one that was waited for, or nobody is waited for any more. */
        void taken();

        /** It was a stranger's, and the lease is open again. */
        void refused();
    }

    private final Map<Place, Contest> open = new ConcurrentHashMap<>();
    private final ScheduledExecutorService scheduler;
    private final Duration patience;
    private final Consumer<Arrival> late;
    private final Consumer<Arrival> again;

    /**
     * @param patience how long a socket waits; zero: none waits
     * @param late takes a socket whose lease is gone
     * @param again takes a socket whose lease is open again
     */
    Contests(ScheduledExecutorService scheduler, Duration patience, Consumer<Arrival> late, Consumer<Arrival> again) {
        this.scheduler = scheduler;
        this.patience = patience;
        this.late = late;
        this.again = again;
    }

    /** Whether anybody may wait at all. */
    boolean arePossible() {
        return !patience.isZero();
    }

    /** A socket has taken its lease. */
    Claim begin(Arrival first) {
        if (!arePossible()) {
            return Claim.NONE;
        }
        Contest contest = new Contest(first.place());
        open.put(first.place(), contest);
        return contest;
    }

    /** A socket without a lease waits; false when there is nothing to wait for, or no room. */
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
