package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests to a service that is away fail at once, so that they do not fill the threads that all stores share.
 * After some failures in a row it refuses all requests for a while. Then one request at a time tries again. While
 * nothing is answered, but nothing has failed yet either, it lets few short requests wait at once. Many threads use it
 * at once.
 */
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
    private static final int FAILURES = 3;
    private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();
    private static final int MOST_WHEN_QUIET = 24;
    private static final long SILENT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int MOST_WHEN_SILENT = 8;

    private final String service;
    private final long pauseNanos;
    private final LongSupplier clock;
    private int failures;
    private long openedNanos;
    private boolean probing;
    private int waiting;
    /** Since when short requests wait without an answer to any. */
    private long quietNanos;

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
     * Begins a request; {@link #answered}, {@link #failed} or {@link #abandoned} must follow.
     *
     * @param isShort whether a service that works answers it soon: it carries no bytes
     * @throws StorageException {@code IO} while the service is away
     */
    synchronized void enter(boolean isShort) throws StorageException {
        long now = clock.getAsLong();
        if (failures >= FAILURES && (probing || now - openedNanos < pauseNanos)) {
            throw new StorageException(Reason.IO, service + " is away; the next attempt comes soon");
        }
        if (isShort && isSilent(now)) {
            throw new StorageException(Reason.IO, service + " answers none of " + waiting + " requests");
        }
        probing = failures >= FAILURES;
        waiting += isShort ? 1 : 0;
    }

    private boolean isSilent(long now) {
        if (waiting == 0) {
            quietNanos = now;
        }
        long quiet = now - quietNanos;
        return quiet > SILENT_NANOS && waiting >= MOST_WHEN_SILENT || quiet > QUIET_NANOS && waiting >= MOST_WHEN_QUIET;
    }

    /** Ends a request that the service has answered, with success or not. */
    synchronized void answered(boolean isShort) {
        if (failures >= FAILURES) {
            LOG.info("{} answers again", service);
        }
        failures = 0;
        quietNanos = clock.getAsLong();
        abandoned(isShort);
    }

    /** Ends a request without an answer. */
    synchronized void failed(boolean isShort, String why) {
        if (failures == FAILURES - 1) {
            LOG.warn("{} is away: {}", service, why);
        }
        failures = Math.min(failures + 1, FAILURES);
        openedNanos = clock.getAsLong();
        abandoned(isShort);
    }

    /** Ends a request that tells nothing about the service: its thread was interrupted. */
    synchronized void abandoned(boolean isShort) {
        probing = false;
        waiting -= isShort ? 1 : 0;
    }
}
