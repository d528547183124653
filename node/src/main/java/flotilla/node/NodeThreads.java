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

/** The threads of a node that may block, apart from those of transfers and passwords. */
final class NodeThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CONNECTING_IDLE_SECONDS = 5;

    private final ScheduledExecutorService timers;
    private final ThreadPoolExecutor blocking;
    private final ThreadPoolExecutor digesting;
    private final Digests digests;
    private final ThreadPoolExecutor connecting;

    /**
     * Creates the threads.
     *
     * @param events gets an event for each digest that is refused
     */
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
                settings.storage().threads(),
                settings.storage().threads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.storage().queue()),
                task -> daemon(task, "flotilla-blocking"));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** A slot is released slightly before its thread; the queue absorbs that gap. */
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

    /** Separate from the others, because the remote host decides how long a connect takes. */
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

    /** One thread for periodic work, which must be short. */
    ScheduledExecutorService timers() {
        return timers;
    }

    /** Runs the blocking parts of commands; bounded. */
    Executor blocking() {
        return blocking;
    }

    /** Computes digests of files; bounded. */
    Digests digests() {
        return digests;
    }

    /** Opens connections to clients (active mode). It rejects work that cannot begin at once. */
    Executor connecting() {
        return connecting;
    }

    /** Lets running work on files end; stops all other work. */
    @Override
    public void close() {
        blocking.shutdown();
        digesting.shutdown();
        connecting.shutdownNow();
        timers.shutdownNow();
    }
}
