package flotilla.ops.event;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Outbox;
import flotilla.node.event.RareLines;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that has the lease or waits for it, and sends while it has it. */
final class Sender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final long BUSY_MILLIS = 20;
    /** Longest wait for more to do beside what there is. */
    private static final long GATHER_MILLIS = 100;

    private static final long LOOK_MILLIS = 250;
    private static final long COUNT_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long NODES_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LAST_MILLIS = 3_000;

    private final Outbox outbox;
    private final EventSettings settings;
    private final Map<String, EventTarget> targets;
    private final EventCounts counts;
    private final Delivery delivery;
    private final EventLease lease;
    private final NodeWatch nodes;
    private final RareLines rare = new RareLines();
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread = new Thread(this::work, "flotilla-event-sender");
    private long countAt = System.nanoTime();
    private long nodesAt = System.nanoTime();
    private volatile boolean ending;

    Sender(
            ClusterNode cluster,
            EventSettings settings,
            Map<String, EventTarget> targets,
            EventCounts counts,
            Consumer<Event> tell) {
        this.outbox = cluster.outbox();
        this.settings = settings;
        this.targets = targets;
        this.counts = counts;
        this.delivery = new Delivery(
                outbox,
                targets,
                settings.attempts(),
                System::currentTimeMillis,
                RandomGenerator.getDefault(),
                counts,
                this::wake);
        this.lease = new EventLease(outbox, cluster.name() + " " + cluster.memberId(), System.nanoTime());
        this.nodes = new NodeWatch(cluster, tell);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void wake() {
        signal.release();
    }

    private void work() {
        while (!ending) {
            try {
                boolean mine = lease.look(System.nanoTime());
                if (mine) {
                    delivery.round();
                } else {
                    delivery.settle();
                }
                chores(mine);
                pause();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                rare.next("round", System.nanoTime())
                        .ifPresent(more -> LOG.warn("events are not sent now: {}", e.toString(), e));
                idle();
            }
        }
    }

    /** Rows and results that come close together are read and written in one transaction each. */
    private void pause() throws InterruptedException {
        if (signal.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            int enough = Math.max(1, settings.attempts().inFlight() / 2);
            boolean many = signal.tryAcquire(enough, GATHER_MILLIS, TimeUnit.MILLISECONDS);
            LOG.trace("gathered {}", many);
            signal.drainPermits();
        }
    }

    private void idle() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ending = true;
        }
    }

    private void chores(boolean mine) {
        long now = System.nanoTime();
        if (now - nodesAt >= 0) {
            nodesAt = now + NODES_NANOS;
            nodes.look();
        }
        if (now - countAt >= 0) {
            countAt = now + COUNT_NANOS;
            Outbox.Counts found = outbox.counts().toCompletableFuture().join();
            counts.waiting.set(found.waiting());
            counts.dead.set(found.dead());
            if (mine && found.dead() > settings.maxDead()) {
                int gone = outbox.trim(settings.maxDead()).toCompletableFuture().join();
                LOG.warn("{} dead events were removed, because there were more than flotilla.events.max-dead", gone);
            }
        }
    }

    static void closeTarget(EventTarget target) {
        try {
            target.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("a target of events failed at its end: {}", e.toString());
        }
    }

    @Override
    public void close() {
        ending = true;
        if (thread.isAlive()) {
            try {
                wake();
                thread.join(LAST_MILLIS);
                finish();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.debug("the last results are not written", e);
            }
            if (!thread.isAlive()) {
                lease.release();
            }
        }
        targets.values().forEach(Sender::closeTarget);
    }

    /** Waits a little for the answers to what is under way: it would be sent again otherwise. */
    private void finish() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_MILLIS);
        while (!thread.isAlive() && delivery.underWay() > 0 && System.nanoTime() - until < 0) {
            delivery.settle(); // the thread may have taken the signal of a result before it ended
            boolean more = signal.tryAcquire(BUSY_MILLIS, TimeUnit.MILLISECONDS);
            LOG.trace("more {}", more);
        }
    }
}
