package flotilla.ops.hook;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.RareLines;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events that wait for one hook, and the thread that passes them on. */
public final class HookQueue implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(HookQueue.class);
    /** Wakes the thread after the last event. */
    private static final Object END = new Object();

    private final String name;
    private final EventHook hook;
    private final BlockingQueue<Object> waiting;
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final RareLines rare = new RareLines();
    private final Thread thread;
    private volatile boolean ending;

    /**
     * Starts the thread.
     *
     * @param capacity most events that wait
     */
    HookQueue(String name, EventHook hook, int capacity) {
        this.name = name;
        this.hook = hook;
        this.waiting = new ArrayBlockingQueue<>(capacity);
        this.thread = new Thread(this::work, "flotilla-hook-" + name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Returns the hook's name in the configuration. */
    public String name() {
        return name;
    }

    /** Returns the number of events that the hook took without a failure. */
    public long delivered() {
        return delivered.sum();
    }

    /** Returns the number of events for which the hook threw an exception. */
    public long failed() {
        return failed.sum();
    }

    /** Returns the number of events that were dropped: too many waited, or the process ended. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.Exchanged) {
            return;
        }
        if (ending || !waiting.offer(event)) {
            dropped.increment();
            rarely("full")
                    .ifPresent(more -> LOG.warn(
                            "the hook {} is too slow: {} events wait, and further ones are dropped; {} so far",
                            name,
                            waiting.size(),
                            dropped.sum()));
        }
    }

    private OptionalLong rarely(String subject) {
        return rare.next(subject, System.nanoTime());
    }

    private void work() {
        try {
            while (!ending || !waiting.isEmpty()) {
                if (waiting.take() instanceof NodeEvent event) {
                    hand(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dropRest();
            closeHook();
        }
    }

    private void hand(NodeEvent event) throws InterruptedException {
        try {
            hook.on(event);
            delivered.increment();
        } catch (InterruptedException e) {
            dropped.increment();
            throw e;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) { // as jars of other releases throw
            failed.increment();
            rarely("failed")
                    .ifPresent(more -> LOG.warn(
                            "the hook {} failed for an event ({}); {} have failed so far",
                            name,
                            event.getClass().getSimpleName(),
                            failed.sum(),
                            e));
        }
    }

    private void dropRest() {
        List<Object> rest = new ArrayList<>();
        waiting.drainTo(rest);
        dropped.add(rest.stream().filter(NodeEvent.class::isInstance).count());
    }

    private void closeHook() {
        try {
            hook.close();
        } catch (Exception | LinkageError e) {
            LOG.warn("the hook {} failed at its end", name, e);
        }
    }

    /** Drops all further events. The hook still gets those that wait. */
    void end() {
        ending = true;
        if (!waiting.offer(END)) {
            LOG.debug("the hook {} has a full queue at its end", name); // the thread has work, so it needs no waking
        }
    }

    /**
     * Waits until the hook has taken the events that wait. Those that remain at the deadline are dropped.
     *
     * @param deadline in the time of {@link System#nanoTime}
     */
    void await(long deadline) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("the hook {} is not done in time: {} events that wait for it are dropped", name, waiting.size());
            thread.interrupt();
        }
    }
}
