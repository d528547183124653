package flotilla.cluster.password;

import java.time.Duration;
import java.util.Optional;
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
 * Verifies passwords on a few threads of its own, since each run costs tens of milliseconds and megabytes. Right
 * passwords are remembered for a while. A name without an account takes as much time as one with an account.
 */
public final class PasswordVerifier implements AutoCloseable {
    /**
     * The limits of a verifier.
     *
     * @param threads number of verifications at a time
     * @param queueLimit number of verifications that may wait
     * @param rememberedEntries most right passwords that are remembered
     * @param rememberedTime time for which a right password is remembered
     * @param cost cost of a run for a name without an account, and of hashes that replace those of other systems
     */
    public record Settings(
            int threads, int queueLimit, int rememberedEntries, Duration rememberedTime, Argon2Parameters cost) {}

    /**
     * An answer.
     *
     * @param replacement an Argon2id hash of the right password, when the hash was of another kind; otherwise empty
     */
    public record Answer(Result result, Optional<String> replacement) {
        private static final Answer RIGHT = new Answer(Result.RIGHT, Optional.empty());
        private static final Answer WRONG = new Answer(Result.WRONG, Optional.empty());
        private static final Answer BUSY = new Answer(Result.BUSY, Optional.empty());
    }

    /** The result of a verification. */
    public enum Result {
        RIGHT,
        WRONG,
        /** Too many verifications wait. The password was not verified. */
        BUSY
    }

    private final ThreadPoolExecutor executor;
    private final Remembered remembered;
    private final String dummyHash;
    private final Argon2Parameters cost;
    private final LongAdder runs = new LongAdder();

    /** A verifier whose runs for names without an account cost {@link Argon2Parameters#DEFAULT}. */
    public PasswordVerifier(int threads, int queueLimit, int rememberedEntries, Duration rememberedTime) {
        this(new Settings(threads, queueLimit, rememberedEntries, rememberedTime, Argon2Parameters.DEFAULT));
    }

    /** A verifier with these limits. */
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
        cost = settings.cost();
        dummyHash = dummyHash(cost);
    }

    /**
     * Verifies a password. Does not block. A hash of another system costs an Argon2id run besides its own, whether the
     * password is right or wrong.
     *
     * @param encodedHash the account's hash; null or empty when there is no such account or it has no password
     * @return the answer, at once for a remembered password or a full queue
     */
    public CompletionStage<Answer> verify(@Nullable String encodedHash, String password) {
        if (encodedHash == null || !PasswordHash.isReadable(encodedHash)) {
            return submit(() -> wrong(password));
        }
        String token = remembered.token(encodedHash, password);
        if (remembered.contains(token)) {
            return CompletableFuture.completedFuture(Answer.RIGHT);
        }
        return submit(() -> {
            boolean isForeign = PasswordHash.isForeign(encodedHash);
            if (!run(encodedHash, password)) {
                return isForeign ? wrong(password) : Answer.WRONG;
            }
            remembered.add(token);
            return isForeign ? replaced(password) : Answer.RIGHT;
        });
    }

    private Answer wrong(String password) {
        run(dummyHash, password);
        return Answer.WRONG;
    }

    private Answer replaced(String password) {
        runs.increment();
        String replacement = PasswordHash.encode(password, cost);
        remembered.add(remembered.token(replacement, password));
        return new Answer(Result.RIGHT, Optional.of(replacement));
    }

    private CompletionStage<Answer> submit(Supplier<Answer> verification) {
        try {
            return CompletableFuture.supplyAsync(verification, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Answer.BUSY);
        }
    }

    private boolean run(String hash, String password) {
        runs.increment();
        return PasswordHash.verify(hash, password);
    }

    /** The number of hashes computed so far. */
    public long runs() {
        return runs.sum();
    }

    /** The number of right passwords that are remembered now. */
    int rememberedNow() {
        return remembered.size();
    }

    /** Refuses further verifications as {@link Result#BUSY}. Those that wait are still carried out. */
    @Override
    public void close() {
        executor.shutdown();
    }

    /** A hash that no password has. Making it needs no Argon2 run. */
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
