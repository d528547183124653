package flotilla.node;

import flotilla.node.command.Digests;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a node that may wait, besides those of its transfers and passwords. */
final class NodeThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CONNECTING_IDLE_SECONDS = 5;

    private final ScheduledExecutorService timers;
    private final ThreadPoolExecutor blocking;
    private final ThreadPoolExecutor digesting;
    private final Digests digests;
    private final ThreadPoolExecutor connecting;

    /** @param events told of digests that are refused */
    NodeThreads(NodeSettings settings, EventSink events) {
        this.timers = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "flotilla-timers"));
        this.blocking = blocking(settings);
        this.digesting = digesting(settings);
        this.digests = new Digests(
                settings.digests(), digesting, () -> events.accept(new NodeEvent.Limited("", NodeEvent.Limit.DIGESTS)));
        this.connecting = connecting(settings);
    }

    private static ThreadPoolExecutor blocking(NodeSettings settings) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                settings.blockingThreads(),
                settings.blockingThreads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.blockingQueue()),
                task -> daemon(task, "flotilla-blocking"));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Its queue is for those whose place was left a moment before its thread. */
    private static ThreadPoolExecutor digesting(NodeSettings settings) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                settings.digests(),
                settings.digests(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.digests()),
                task -> daemon(task, "flotilla-digest"));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Apart from the others: whom the server connects to decides how long that takes. */
    private static ThreadPoolExecutor connecting(NodeSettings settings) {
        return new ThreadPoolExecutor(
                0,
                settings.data().maxTransfers(),
                CONNECTING_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "flotilla-connecting"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** One thread for what is done now and then; nothing may keep it long. */
    ScheduledExecutorService timers() {
        return timers;
    }

    /** For commands that look at files. */
    Executor blocking() {
        return blocking;
    }

    /** For hashes of files. */
    Digests digests() {
        return digests;
    }

    /** For connections to clients (active mode); refuses what cannot begin at once. */
    Executor connecting() {
        return connecting;
    }

    /** What runs on files comes to its end, all else does not. */
    @Override
    public void close() {
        blocking.shutdown();
        digesting.shutdown();
        connecting.shutdownNow();
        timers.shutdownNow();
    }
}
