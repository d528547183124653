package flotilla.node;

import flotilla.node.NodeSettings.DrainSettings;
import flotilla.node.control.ControlListener;
import flotilla.node.overview.AfterDrain;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a node out of service without a failed transfer. The node reports that it is not ready, works as before until
 * balancers have noticed, closes its listeners, and ends each control connection at a quiet moment. The drain ends with
 * the last socket, or at the deadline. Safe for many threads.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration LOOK = Duration.ofMillis(200);

    /** A client that has been silent for so long is between two pieces of work. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    /** After this time a shorter silence is enough, or the end of a transfer. */
    private static final Duration POLITE = Duration.ofSeconds(20);

    private static final Duration LESS_QUIET = Duration.ofMillis(500);

    private final Supplier<DrainSettings> settings;
    private final ScheduledExecutorService scheduler;
    private final ControlListener control;
    private final IntSupplier transfers;
    private final Doors doors;
    private final LongSupplier clock;
    private final CompletableFuture<AfterDrain> ended = new CompletableFuture<>();
    private AfterDrain after = AfterDrain.END;
    /** Whether the log has told that nothing is left to do. */
    private boolean told;

    private @Nullable ScheduledFuture<?> looking;
    private boolean closed;
    private long closedAt;

    /** The node's passive ports, and its place in the cluster. */
    interface Doors {
        /** Returns true when other nodes can serve the clients that are sent away. */
        boolean areElsewhere();

        /** Returns true when clients may connect to this node at all. */
        boolean letClientsIn();

        /** Closes the passive ports, so that no further data connection comes. */
        void close();

        /**
         * Opens again all that {@link #close} has closed, or nothing.
         *
         * @throws RuntimeException when a port cannot be opened; the message names it
         */
        void reopen();

        /** Tells the other nodes about the change. */
        void post();
    }

    /**
     * Creates a drain that has not begun.
     *
     * @param transfers the number of transfers that run on this node
     * @param clock the time, as {@link System#nanoTime} gives it
     */
    Drain(
            Supplier<DrainSettings> settings,
            ScheduledExecutorService scheduler,
            ControlListener control,
            IntSupplier transfers,
            Doors doors,
            LongSupplier clock) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.control = control;
        this.transfers = transfers;
        this.doors = doors;
        this.clock = clock;
    }

    synchronized boolean isOn() {
        return looking != null;
    }

    /** Begins. If it runs already, only what comes after it changes. */
    synchronized void begin(AfterDrain next) {
        if (after == AfterDrain.STAY && next != AfterDrain.STAY) {
            closedAt = clock.getAsLong(); // transfers have their whole time from now on
        }
        after = next;
        if (looking != null) {
            return;
        }
        Duration delay = doors.areElsewhere() ? settings.get().lbDelay() : Duration.ZERO;
        LOG.info("draining: {} control connections, {} transfers", control.connections(), transfers.getAsInt());
        looking =
                scheduler.scheduleWithFixedDelay(this::look, delay.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        scheduler.execute(doors::post);
    }

    /**
     * Returns the node to service. A node that cannot open all its ports stays out of service.
     *
     * @throws IllegalStateException when the last socket has ended, because the node is leaving
     * @throws RuntimeException when a port cannot be opened; the message names it
     */
    synchronized void cancel() {
        if (ended.isDone()) {
            throw new IllegalStateException("its drain has ended, it is leaving the cluster");
        }
        if (looking == null) {
            return;
        }
        control.stay();
        if (closed) {
            reopen();
        }
        looking.cancel(false);
        looking = null;
        closed = false;
        told = false;
        LOG.info("draining was called off");
        scheduler.execute(doors::post);
    }

    private void reopen() {
        doors.reopen();
        if (!doors.letClientsIn()) {
            return;
        }
        try {
            control.open();
        } catch (RuntimeException e) {
            closePassive();
            throw e;
        }
    }

    private void closePassive() {
        if (doors.areElsewhere()) {
            doors.close();
        }
    }

    CompletionStage<AfterDrain> ended() {
        return ended.minimalCompletionStage();
    }

    void await() {
        ended.join();
    }

    private synchronized void look() {
        if (looking == null) {
            return;
        }
        long now = clock.getAsLong();
        if (!closed) {
            closed = true;
            closedAt = now;
            control.closeDoors();
            closePassive();
        }
        boolean patient = now - closedAt < POLITE.toNanos();
        control.endQuiet(patient ? QUIET : LESS_QUIET, !patient);
        boolean empty = control.connections() == 0 && transfers.getAsInt() == 0;
        if (after == AfterDrain.STAY) {
            if (empty && !told) {
                LOG.info("drained: this node stays a member without work");
            }
            told = empty;
            return;
        }
        boolean overdue = now - closedAt > settings.get().transfers().toNanos();
        if (overdue || empty) {
            LOG.info("drained{}", overdue ? " at the deadline" : "");
            looking.cancel(false);
            ended.complete(after);
        }
    }
}
