package flotilla.cluster.password;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies passwords on its own few threads, since each run costs tens of milliseconds and megabytes. What was right is
 * remembered for a while. An unknown user costs as much time as a known one.
 */
public final class PasswordVerifier implements AutoCloseable {
    /**
     * The limits of a verifier.
     *
     * @param threads runs at a time
     * @param queueLimit verifications that may wait
     * @param rememberedEntries right passwords remembered at most
     * @param rememberedTime how long they are remembered
     * @param cost of a run for users that do not exist
     */
    public record Settings(
            int threads, int queueLimit, int rememberedEntries, Duration rememberedTime, Argon2Parameters cost) {}

    /** What came of a verification. */
    public enum Result {
        RIGHT,
        WRONG,
        /** Too many are waiting; nothing was verified. */
        BUSY
    }

    private final ThreadPoolExecutor executor;
    private final Remembered remembered;
    private final String dummyHash;
    private final LongAdder runs = new LongAdder();

    /** A verifier whose runs for unknown users cost {@link Argon2Parameters#DEFAULT}. */
    public PasswordVerifier(int threads, int queueLimit, int rememberedEntries, Duration rememberedTime) {
        this(new Settings(threads, queueLimit, rememberedEntries, rememberedTime, Argon2Parameters.DEFAULT));
    }

    public PasswordVerifier(Settings settings) {
        executor = new ThreadPoolExecutor(
                settings.threads(),
                settings.threads(),
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(Math.max(1, settings.queueLimit())),
                PasswordVerifier::thread);
        executor.allowCoreThreadTimeOut(true);
        remembered = new Remembered(settings.rememberedEntries(), settings.rememberedTime());
        dummyHash = dummyHash(settings.cost());
    }

    /** Verifies a password; {@code encodedHash} is null or empty when there is no such user, or no password. */
    public CompletionStage<Result> verify(@Nullable String encodedHash, String password) {
        if (encodedHash == null || !PasswordHash.isReadable(encodedHash)) {
            return submit(() -> {
                run(dummyHash, password);
                return Result.WRONG;
            });
        }
        String token = remembered.token(encodedHash, password);
        if (remembered.contains(token)) {
            return CompletableFuture.completedFuture(Result.RIGHT);
        }
        return submit(() -> {
            if (!run(encodedHash, password)) {
                return Result.WRONG;
            }
            remembered.add(token);
            return Result.RIGHT;
        });
    }

    private CompletionStage<Result> submit(Supplier<Result> verification) {
        try {
            return CompletableFuture.supplyAsync(verification, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Result.BUSY);
        }
    }

    private boolean run(String hash, String password) {
        runs.increment();
        return PasswordHash.verify(hash, password);
    }

    /** How often Argon2 was run. */
    public long runs() {
        return runs.sum();
    }

    /** How many right passwords are remembered. */
    int rememberedNow() {
        return remembered.size();
    }

    /** Takes no more; what waits is still verified. */
    @Override
    public void close() {
        executor.shutdown();
    }

    /** A hash that no password has, made without a run. */
    private static String dummyHash(Argon2Parameters cost) {
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.iterations() + ",p=" + cost.parallelism()
                + "$AAAAAAAAAAAAAAAAAAAAAA$" + "A".repeat(43);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "flotilla-password");
        thread.setDaemon(true);
        return thread;
    }
}
