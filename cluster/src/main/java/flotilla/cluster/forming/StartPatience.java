package flotilla.cluster.forming;

import flotilla.cluster.JoinException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats questions to the other nodes while this node starts. A single timeout is no reason to give up: a machine that
 * is busy with the start of several nodes answers late. The limit is {@code cluster.join-timeout}.
 */
public final class StartPatience {
    private static final Logger LOG = LoggerFactory.getLogger(StartPatience.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Duration limit;
    private final Predicate<Throwable> isLate;
    private final long begin;
    private final LongSupplier nanoTime;
    private final LongConsumer sleep;

    /**
     * Starts the clock.
     *
     * @param limit time from now on
     * @param isLate which failures, besides timeouts, mean that an answer did not come in time
     */
    public StartPatience(Duration limit, Predicate<Throwable> isLate) {
        this(limit, isLate, System::nanoTime, LockSupport::parkNanos);
    }

    StartPatience(Duration limit, Predicate<Throwable> isLate, LongSupplier nanoTime, LongConsumer sleep) {
        this.limit = limit;
        this.isLate = isLate;
        this.nanoTime = nanoTime;
        this.sleep = sleep;
        this.begin = nanoTime.getAsLong();
    }

    /**
     * Runs a step of the start until it succeeds, possibly more than once. Blocks.
     *
     * @param what the object of the question, as the end of a sentence
     * @return the step's result
     * @throws JoinException when the limit has passed
     */
    public <T> T ask(String what, Supplier<T> step) throws JoinException {
        while (true) {
            long asked = nanoTime.getAsLong();
            try {
                return step.get();
            } catch (RuntimeException late) {
                if (!isLate(late)) {
                    throw late;
                }
                long now = nanoTime.getAsLong();
                String text = "the other nodes did not give " + what + " within "
                        + TimeUnit.NANOSECONDS.toSeconds(now - asked) + " s (are they, or is this node, short of CPU?)";
                if (now - begin > limit.toNanos()) {
                    throw new JoinException(text + "; cluster.join-timeout is over");
                }
                LOG.warn("{}; they are asked again", text);
                sleep.accept(RETRY_NANOS);
            }
        }
    }

    private boolean isLate(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof TimeoutException || isLate.test(cause);
    }
}
