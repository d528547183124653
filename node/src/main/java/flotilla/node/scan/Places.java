package flotilla.node.scan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The places for scans on a node. Users who wait get the next free place in turn, and the uploads of a user in the order
 * in which they came: one user with many uploads does not keep the others waiting. Many threads use it at once.
 */
final class Places {
    private final int most;
    private int taken;
    /** The user who is next comes first. */
    private final Map<String, Deque<Place>> waiting = new LinkedHashMap<>();

    /** @param most scans at once */
    Places(int most) {
        this.most = most;
    }

    /** A place, or the wait for one. Closing gives either up. */
    final class Place implements AutoCloseable {
        private final String user;
        private boolean isMine;
        private boolean closed;

        private Place(String user) {
            this.user = user;
        }

        /** Waits some time for the turn, and returns whether it has come. */
        boolean await(long millis) throws InterruptedException {
            synchronized (Places.this) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                for (long left = millis; !isMine && left > 0; left = left(end)) {
                    Places.this.wait(left);
                }
                return isMine;
            }
        }

        private static long left(long end) {
            return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }

        @Override
        public void close() {
            synchronized (Places.this) {
                if (closed) {
                    return;
                }
                closed = true;
                if (isMine) {
                    taken--;
                    admit();
                    return;
                }
                @Nullable Deque<Place> others = waiting.get(user);
                if (others != null) {
                    others.remove(this);
                    if (others.isEmpty()) {
                        waiting.remove(user);
                    }
                }
            }
        }
    }

    /** Asks for a place for an upload of a user. The caller closes it in each case. */
    synchronized Place ask(String user) {
        Place place = new Place(user);
        waiting.computeIfAbsent(user, name -> new ArrayDeque<>()).add(place);
        admit();
        return place;
    }

    private void admit() {
        while (taken < most && !waiting.isEmpty()) {
            Iterator<Map.Entry<String, Deque<Place>>> next = waiting.entrySet().iterator();
            Map.Entry<String, Deque<Place>> first = next.next();
            String user = first.getKey();
            Deque<Place> uploads = first.getValue();
            next.remove();
            uploads.remove().isMine = true;
            taken++;
            if (!uploads.isEmpty()) {
                waiting.put(user, uploads); // behind the others
            }
        }
        notifyAll();
    }

    /** Returns the number of scans that run now. */
    synchronized int taken() {
        return taken;
    }
}
