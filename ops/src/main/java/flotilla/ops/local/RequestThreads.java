package flotilla.ops.local;

import flotilla.ops.config.AdminSettings.CommandLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read and obey requests. A request that is not complete gives way: to newer ones when more than
 * {@link CommandLimits#maxRead} are read, and after a time in any case. So clients that send half of one keep nobody out.
 */
final class RequestThreads implements Executor, AutoCloseable {
    /** Threads that tell requests beyond the limits that they are refused, which takes no time: not a limit by itself. */
    private static final int REFUSING = 4;

    private static final long SWEEP_MILLIS = 250;

    private final Duration patience;
    private final CommandLimits limits;
    /** Since when each thread has been reading, oldest first. */
    private final Map<Thread, Long> reading = new LinkedHashMap<>();

    private int obeyed;
    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor clock;

    /** @param patience how long a request may take to come whole */
    RequestThreads(Duration patience, CommandLimits limits) {
        this.patience = patience;
        this.limits = limits;
        int threads = limits.maxRead() + limits.maxObeyed() + REFUSING;
        this.pool = new ThreadPoolExecutor(
                0, threads, 30, TimeUnit.SECONDS, new HandOver(), RequestThreads::thread, this::await);
        this.clock = new ScheduledThreadPoolExecutor(1, RequestThreads::thread);
        clock.scheduleWithFixedDelay(this::endLate, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Gives tasks to threads that wait for one, so that the pool makes another thread only when all work. */
    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }
    }

    /** All threads work: the request waits for one of them. */
    private void await(Runnable request, ThreadPoolExecutor pool) {
        if (pool.isShutdown() || pool.getQueue().size() >= limits.maxWaiting()) {
            throw new RejectedExecutionException("too many requests wait");
        }
        ((HandOver) pool.getQueue()).put(request);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "flotilla-control");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs what reads a request, and obeys it between {@link #complete} and its end. */
    @Override
    public void execute(Runnable request) {
        pool.execute(() -> {
            begin();
            try {
                request.run();
            } finally {
                end();
            }
        });
    }

    private synchronized void begin() {
        reading.put(Thread.currentThread(), System.nanoTime());
        if (reading.size() > limits.maxRead()) {
            giveWay(reading.keySet().iterator().next());
        }
    }

    /** An interrupt closes the connection that a thread reads from. */
    private void giveWay(Thread thread) {
        reading.remove(thread);
        thread.interrupt();
    }

    private synchronized void endLate() {
        long now = System.nanoTime();
        while (!reading.isEmpty()) {
            Map.Entry<Thread, Long> oldest = reading.entrySet().iterator().next();
            if (now - oldest.getValue() < patience.toNanos()) {
                return;
            }
            giveWay(oldest.getKey());
        }
    }

    private synchronized void end() {
        reading.remove(Thread.currentThread());
        boolean unused = Thread.interrupted();
    }

    /**
     * Does what this thread has read whole.
     *
     * @throws RefusedException when as much is done already as may be
     * @throws InterruptedException when the request had to give way
     */
    <T> T complete(Work<T> work) throws Exception {
        synchronized (this) {
            if (reading.remove(Thread.currentThread()) == null) {
                throw new InterruptedException("the request came too late");
            }
            if (obeyed >= limits.maxObeyed()) {
                throw RefusedException.unavailable("the server is busy with other commands: try again");
            }
            obeyed++;
        }
        try {
            return work.perform();
        } finally {
            synchronized (this) {
                obeyed--;
            }
        }
    }

    /** What a request asks for. */
    @FunctionalInterface
    interface Work<T> {
        T perform() throws Exception;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        pool.shutdownNow();
    }
}
