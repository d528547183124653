package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests to a service that is away fail at once, so that they do not fill the threads that all stores share.
 * After some failures in a row it refuses all requests for a while. Then one request at a time tries again. Many threads
 * use it at once.
 */
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
    private static final int FAILURES = 3;

    private final String service;
    private final long pauseNanos;
    private final LongSupplier clock;
    private int failures;
    private long openedNanos;
    private boolean probing;

    /**
     * Creates the breaker for a service that works.
     *
     * @param service its name for messages
     * @param pause how long requests are refused before one tries again
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    Breaker(String service, Duration pause, LongSupplier clock) {
        this.service = service;
        this.pauseNanos = pause.toNanos();
        this.clock = clock;
    }

    /**
     * Begins a request; {@link #answered} or {@link #failed} must follow.
     *
     * @throws StorageException {@code IO} while the service is away
     */
    synchronized void enter() throws StorageException {
        if (failures < FAILURES) {
            return;
        }
        if (probing || clock.getAsLong() - openedNanos < pauseNanos) {
            throw new StorageException(Reason.IO, service + " is away; the next attempt comes soon");
        }
        probing = true;
    }

    /** Ends a request that the service has answered, with success or not. */
    synchronized void answered() {
        if (failures >= FAILURES) {
            LOG.info("{} answers again", service);
        }
        failures = 0;
        probing = false;
    }

    /** Ends a request without an answer. */
    synchronized void failed(String why) {
        probing = false;
        if (failures == FAILURES - 1) {
            LOG.warn("{} is away: {}", service, why);
        }
        failures = Math.min(failures + 1, FAILURES);
        openedNanos = clock.getAsLong();
    }

    /** Returns whether requests are refused now. */
    synchronized boolean isOpen() {
        return failures >= FAILURES;
    }
}
