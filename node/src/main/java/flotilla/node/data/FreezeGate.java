package flotilla.node.data;

import flotilla.cluster.Freezes;
import flotilla.node.data.Throttles.Throttle;
import flotilla.node.transfer.TransferOrder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Holds the bytes of a transfer while its session, its user or its client's address is frozen. The transfer keeps its
 * thread, its file and its connection meanwhile, and no stall ends it.
 */
final class FreezeGate implements Throttle {
    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

    private final Throttle rates;
    private final BooleanSupplier frozen;
    private final BooleanSupplier over;

    /**
     * Makes the gate of one transfer.
     *
     * @param rates limits the bytes besides; closed with the gate
     * @param frozen asked before each piece; must not block
     * @param over ends the wait when it has become true
     */
    FreezeGate(Throttle rates, BooleanSupplier frozen, BooleanSupplier over) {
        this.rates = rates;
        this.frozen = frozen;
        this.over = over;
    }

    /**
     * Returns whether an order's transfer is frozen now.
     *
     * @param peer the client's address, for an order of an older node, which does not have it
     */
    static BooleanSupplier of(Freezes freezes, TransferOrder order, InetAddress peer) {
        InetAddress client = order.client().orElse(peer);
        return () -> freezes.find(order.sessionId(), order.user(), client).isPresent();
    }

    @Override
    public void await(int bytes, Runnable waiting, BooleanSupplier cancelled) {
        if (bytes > 0) {
            rates.await(bytes, waiting, cancelled);
        }
        while (frozen.getAsBoolean()
                && !over.getAsBoolean()
                && !cancelled.getAsBoolean()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_NANOS);
            waiting.run();
        }
    }

    @Override
    public void close() {
        rates.close();
    }
}
