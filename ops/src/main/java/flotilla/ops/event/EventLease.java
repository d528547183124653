package flotilla.ops.event;

import flotilla.cluster.Outbox;
import flotilla.cluster.Outbox.Lease;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to send events, which one node has at a time. It is in the database beside the events. No clocks are
 * compared: a node that sees the same renewal for {@link #LIFE} takes the lease. Used by one thread.
 */
final class EventLease {
    /** Time after which a lease that is not renewed is free. */
    static final Duration LIFE = Duration.ofSeconds(6);
    /** Time between two renewals, and between two looks of the others. */
    static final Duration BEAT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(EventLease.class);

    private final Outbox outbox;
    private final String holder;
    private Optional<Lease> seen = Optional.empty();
    private long seenAt;
    private long lookAt;
    private boolean mine;

    /** @param holder name of this node's incarnation */
    EventLease(Outbox outbox, String holder, long nanos) {
        this.outbox = outbox;
        this.holder = holder;
        this.seenAt = nanos;
        this.lookAt = nanos;
    }

    /**
     * Renews the lease, or takes it when it is free. Blocks.
     *
     * @param nanos the time, as {@link System#nanoTime} gives it
     * @return whether this node has the lease for longer than a beat
     */
    boolean look(long nanos) {
        if (nanos - lookAt >= 0) {
            lookAt = nanos + BEAT.toNanos();
            try {
                if (mine) {
                    renew(nanos);
                } else {
                    take(nanos);
                }
            } catch (RuntimeException e) {
                LOG.debug("the lease of events is not reached", e);
            }
        }
        return mine && nanos - seenAt < LIFE.minus(BEAT.multipliedBy(2)).toNanos();
    }

    private void renew(long nanos) {
        Lease next = next();
        if (replace(next)) {
            seen = Optional.of(next);
            seenAt = nanos;
        } else {
            // Either another node has it, or the answer to the last renewal was lost.
            Optional<Lease> now = outbox.lease().toCompletableFuture().join();
            mine = now.isPresent() && now.get().holder().equals(holder);
            if (mine) {
                lookAt = nanos; // others count from the renewal that they saw, so this is none
            } else {
                seenAt = nanos;
            }
            seen = now;
        }
    }

    private void take(long nanos) {
        Optional<Lease> now = outbox.lease().toCompletableFuture().join();
        boolean free =
                now.isEmpty() || now.get().holder().isEmpty() || now.equals(seen) && nanos - seenAt >= LIFE.toNanos();
        if (!now.equals(seen)) {
            seen = now;
            seenAt = nanos;
        }
        if (free) {
            Lease next = next();
            if (replace(next)) {
                seen = Optional.of(next);
                seenAt = nanos;
                mine = true;
                LOG.info("this node sends the events of the cluster");
            }
        }
    }

    private Lease next() {
        return new Lease(holder, seen.map(Lease::renewals).orElse(0L) + 1);
    }

    private boolean replace(Lease next) {
        return outbox.replaceLease(seen, next).toCompletableFuture().join();
    }

    /** Gives the lease back, so that another node has it at its next look. Blocks. */
    void release() {
        if (mine) {
            mine = false;
            try {
                replace(new Lease("", next().renewals()));
            } catch (RuntimeException e) {
                LOG.debug("the lease of events is not given back", e);
            }
        }
    }
}
