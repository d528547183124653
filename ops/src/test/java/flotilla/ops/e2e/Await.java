package flotilla.ops.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for effects in another process: checks again and again, up to a deadline. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 10;

    private Await() {}

    /** Waits until {@code condition} holds. The assertion error names the condition. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, DEADLINE, condition);
    }

    /** Waits longer until {@code condition} holds. */
    public static void until(String what, Duration deadline, Callable<Boolean> condition) throws Exception {
        present(what, deadline, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /** Waits until there is a value. */
    public static <T> T present(String what, Callable<Optional<T>> source) throws Exception {
        return present(what, DEADLINE, source);
    }

    private static <T> T present(String what, Duration deadline, Callable<Optional<T>> source) throws Exception {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            Optional<T> value = source.call();
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + deadline + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }
}
