package flotilla.node.figures;

import flotilla.cluster.Figures;
import flotilla.cluster.Figures.Figure;
import flotilla.cluster.Figures.Minute;
import flotilla.cluster.Figures.Part;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.refusal.Causes;
import flotilla.node.transfer.Transfer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what happens on this node in each minute, and gives each full minute to the cluster. The end of the node loses
 * the minute that runs, and those that could not be kept.
 */
public final class MinuteFigures implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(MinuteFigures.class);
    private static final long MILLIS = 60_000;
    /** Most minutes that wait because the cluster did not take them. */
    private static final int WAITING = 10;

    private final String node;
    private final Figures cluster;
    private final IntSupplier sessions;
    private final LongSupplier bytesIn;
    private final LongSupplier bytesOut;
    private final Clock clock;
    private final Deque<Bucket> full = new ArrayDeque<>();
    private Bucket now;
    private long countedIn;
    private long countedOut;

    /**
     * Begins to count.
     *
     * @param node name of this node
     * @param sessions number of sessions on this node
     * @param bytesIn bytes of uploads since the start
     * @param bytesOut bytes of downloads and listings since the start
     */
    public MinuteFigures(
            String node,
            Figures cluster,
            IntSupplier sessions,
            LongSupplier bytesIn,
            LongSupplier bytesOut,
            Clock clock) {
        this.node = node;
        this.cluster = cluster;
        this.sessions = sessions;
        this.bytesIn = bytesIn;
        this.bytesOut = bytesOut;
        this.clock = clock;
        this.now = new Bucket(minute());
    }

    private long minute() {
        return Math.floorDiv(clock.millis(), MILLIS);
    }

    @Override
    public synchronized void accept(NodeEvent event) {
        if (event instanceof NodeEvent.LoggedIn in) {
            now.addTotal(Bucket.login(Bucket.NODE, node));
            now.addName(Bucket.login(Bucket.USER, in.user()));
            now.addName(Bucket.login(Bucket.ADDRESS, in.link().client().getHostAddress()));
        } else if (event instanceof NodeEvent.TransferFinished finished) {
            moved(finished);
        }
        Causes.of(event).ifPresent(cause -> failed(cause, event));
    }

    private void failed(String cause, NodeEvent event) {
        Subject subject = Subject.of(event);
        now.addTotal(Bucket.failure(Bucket.NODE, node));
        now.addTotal(Bucket.failure(Bucket.CAUSE, cause));
        now.addName(Bucket.failure(Bucket.USER, subject.user()));
        now.addName(Bucket.failure(Bucket.ADDRESS, subject.address()));
    }

    private void moved(NodeEvent.TransferFinished finished) {
        boolean upload = finished.transfer().isUpload();
        long bytes = finished.result().bytes();
        int file = finished.result().isComplete() && !(finished.transfer() instanceof Transfer.SendListing) ? 1 : 0;
        Figure figure = new Figure(
                Bucket.USER,
                finished.user(),
                0,
                0,
                0,
                upload ? file : 0,
                upload ? 0 : file,
                upload ? bytes : 0,
                upload ? 0 : bytes);
        now.addName(figure);
        now.addName(named(Bucket.ADDRESS, finished.link().client().getHostAddress(), figure, true));
        now.addTotal(named(Bucket.NODE, node, figure, false));
    }

    /** Bytes of nodes are counted while they move, not at the end of transfers. */
    private static Figure named(String kind, String name, Figure of, boolean withBytes) {
        return new Figure(
                kind,
                name,
                0,
                0,
                0,
                of.filesIn(),
                of.filesOut(),
                withBytes ? of.bytesIn() : 0,
                withBytes ? of.bytesOut() : 0);
    }

    /** Begins a new minute when it is time, and gives full ones to the cluster. Called about every second. */
    public void turn() {
        for (Bucket bucket : due()) {
            cluster.keep(Part.TOTALS, new Minute(node, bucket.minute, bucket.totals()))
                    .thenCompose(done -> cluster.keep(Part.NAMES, new Minute(node, bucket.minute, bucket.names())))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            LOG.debug("the figures of a minute were not kept", failure);
                            waits(bucket);
                        }
                    });
        }
    }

    private synchronized List<Bucket> due() {
        if (minute() != now.minute) {
            countTraffic();
            now.addTotal(new Figure(Bucket.NODE, node, sessions.getAsInt(), 0, 0, 0, 0, 0, 0));
            full.add(now);
            now = new Bucket(minute());
        }
        List<Bucket> due = new ArrayList<>(full);
        full.clear();
        return due;
    }

    private synchronized void waits(Bucket bucket) {
        if (full.size() < WAITING) {
            full.add(bucket);
        }
    }

    private void countTraffic() {
        long in = bytesIn.getAsLong();
        long out = bytesOut.getAsLong();
        now.addTotal(new Figure(Bucket.NODE, node, 0, 0, 0, 0, 0, in - countedIn, out - countedOut));
        countedIn = in;
        countedOut = out;
    }

    /** Returns the minute that runs, and those that the cluster does not have yet. */
    public synchronized List<Minute> running(Part part) {
        countTraffic();
        List<Minute> minutes = new ArrayList<>();
        List<Bucket> buckets = new ArrayList<>(full);
        buckets.add(now);
        for (Bucket bucket : buckets) {
            List<Figure> figures = new ArrayList<>(part == Part.TOTALS ? bucket.totals() : bucket.names());
            if (bucket == now && part == Part.TOTALS) {
                figures.add(new Figure(Bucket.NODE, node, sessions.getAsInt(), 0, 0, 0, 0, 0, 0));
            }
            minutes.add(new Minute(node, bucket.minute, figures));
        }
        return minutes;
    }
}
