package flotilla.node.data;

import flotilla.cluster.ActorThreads;
import flotilla.cluster.Freezes;
import flotilla.node.event.EventSink;
import flotilla.node.overview.LiveTransfers;
import flotilla.node.scan.Scans;
import flotilla.node.tls.TlsEngines;
import flotilla.node.tree.Backends;
import flotilla.node.tree.HomeBooks;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The parts that a node's data connections share: threads, buffers, rates, the watchdog. */
public final class DataPlane implements AutoCloseable {
    static final Duration LINGER = Duration.ofSeconds(2);
    /** How long a connection that has done its handshake early waits for its transfer command. */
    static final Duration ORDER_WAIT = Duration.ofSeconds(30);

    /** How long an upload waits until its node may write: longer than the cluster takes to remove a member. */
    private static final Duration MAY_WRITE_WAIT = Duration.ofSeconds(20);

    private static final Duration MAY_WRITE_LOOK = Duration.ofMillis(50);
    private static final Duration THREAD_IDLE = Duration.ofSeconds(30);

    private final Supplier<DataSettings> settings;
    private final int maxTransfers;
    private final TlsEngines tls;
    private final Backends backends;
    private final SharedState shared;
    private final HomeBooks homes;
    private final Supplier<ListingLimits> listings;
    private final ActorThreads actorThreads;
    private final EventSink events;
    private final LiveTransfers live = new LiveTransfers();
    private final Traffic traffic = new Traffic();
    private final Strangers strangers;
    private final Scans scans;
    private final Buffers buffers;
    private final Throttles throttles;
    private final Watchdog watchdog;
    private final ThreadPoolExecutor threads;

    /**
     * Makes the parts.
     *
     * @param settings the settings in force, asked each time; the numbers of transfers and the sizes of buffers are those at the start
     * @param listings the limits in force
     * @param scans look at uploads before they are visible
     */
    public DataPlane(
            Supplier<DataSettings> settings,
            TlsEngines tls,
            Backends backends,
            SharedState shared,
            Supplier<ListingLimits> listings,
            ActorThreads actorThreads,
            EventSink events,
            Scans scans,
            ScheduledExecutorService scheduler) {
        this.scans = scans;
        this.settings = settings;
        DataSettings first = settings.get();
        this.maxTransfers = first.maxTransfers();
        this.tls = tls;
        this.backends = backends;
        this.shared = shared;
        this.homes = new HomeBooks(backends, shared.quotas());
        this.listings = listings;
        this.throttles = new Throttles(shared.rates(), () -> settings.get().rates(), scheduler);
        this.actorThreads = actorThreads;
        this.events = events;
        this.strangers = new Strangers(events);
        live.start(scheduler);
        this.buffers = new Buffers(first.bufferBytes(), maxTransfers);
        this.watchdog = new Watchdog(scheduler);
        AtomicLong count = new AtomicLong();
        this.threads = new ThreadPoolExecutor(
                0, maxTransfers, THREAD_IDLE.toSeconds(), TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "flotilla-data-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Runs a transfer or a copy on a thread of its own. Returns false when {@code limits.max-transfers} transfers run already.
     */
    boolean start(Runnable run) {
        try {
            threads.execute(run);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /**
     * Returns true while less than half of the threads are in use: one may then wait with a connection until its
     * command comes.
     */
    boolean hasRoomToPrepare() {
        return threads.getActiveCount() < maxTransfers / 2;
    }

    /** Number of running transfers. */
    public int running() {
        return threads.getActiveCount();
    }

    /** The name of this node. */
    String node() {
        return shared.node();
    }

    DataSettings settings() {
        return settings.get();
    }

    TlsEngines tls() {
        return tls;
    }

    Backends backends() {
        return backends;
    }

    ListingLimits listings() {
        return listings.get();
    }

    /** The usage of homes with a quota. */
    HomeBooks homes() {
        return homes;
    }

    ActorThreads threads() {
        return actorThreads;
    }

    EventSink events() {
        return events;
    }

    Scans scans() {
        return scans;
    }

    /** Number of scans of uploads that run now. */
    public int runningScans() {
        return scans.running();
    }

    Strangers strangers() {
        return strangers;
    }

    /** The running transfers. */
    public LiveTransfers live() {
        return live;
    }

    /** The bytes moved so far. */
    public Traffic traffic() {
        return traffic;
    }

    Buffers buffers() {
        return buffers;
    }

    /** Returns true while this node may write files. */
    boolean mayWrite() {
        return shared.mayWrite().getAsBoolean();
    }

    /** Waits up to 20 s until this node may write files. Returns false when it still may not. */
    boolean awaitMayWrite() {
        long until = System.nanoTime() + MAY_WRITE_WAIT.toNanos();
        while (!mayWrite()) {
            if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(MAY_WRITE_LOOK.toNanos());
        }
        return true;
    }

    Throttles throttles() {
        return throttles;
    }

    Freezes freezes() {
        return shared.freezes();
    }

    Watchdog watchdog() {
        return watchdog;
    }

    @Override
    public void close() {
        watchdog.close();
        threads.shutdownNow();
    }
}
