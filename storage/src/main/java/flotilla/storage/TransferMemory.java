package flotilla.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the memory for bytes that the transfers of a node hold for their stores at once. A transfer that finds it used
 * up waits. Many threads may use it at once.
 *
 * <p>It has two tiers, so that slow transfers do not block each other for ever. A transfer begins with a small piece of
 * one half. It goes on with a large piece of the other half, which is big enough for all that it sends in one request.
 * Whoever waits at the head of a tier may ask the transfer that has held a piece of it for the longest time to put its
 * bytes elsewhere.
 */
public final class TransferMemory {
    /** The half of the memory from which a piece comes. */
    public enum Tier {
        /** Many pieces of some KiB, with which transfers begin. */
        SMALL,
        /** Few pieces of some MiB. */
        LARGE
    }

    /** How long a transfer may hold a piece while others wait, before it is asked for it. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private static final Duration ALIVE = Duration.ofMillis(500);

    private final long bytes;
    private final MemoryTier small;
    private final MemoryTier large;

    /**
     * Creates the memory; nothing of it is in use.
     *
     * @param bytes the limit
     */
    public TransferMemory(long bytes) {
        this(bytes, TURN, ALIVE, System::nanoTime);
    }

    /**
     * Creates the memory.
     *
     * @param turn how long a piece may be held while others wait
     * @param alive time between two calls of what runs while a transfer waits
     * @param nanos a clock
     */
    TransferMemory(long bytes, Duration turn, Duration alive, LongSupplier nanos) {
        this.bytes = bytes;
        this.small = new MemoryTier(bytes / 2, turn, alive, nanos);
        this.large = new MemoryTier(bytes - bytes / 2, turn, alive, nanos);
    }

    /** Returns the limit, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Returns the bytes that no transfer holds now. */
    public long freeBytes() {
        return small.free() + large.free();
    }

    /** Returns the largest piece of a tier, in bytes. */
    public long largest(Tier tier) {
        return tier(tier).size();
    }

    /**
     * Takes a piece, behind those that wait already.
     *
     * @param bytes at most {@link #largest}
     * @param waiting runs about twice a second while this waits
     * @throws InterruptedException when the thread is interrupted; nothing is taken then
     */
    public Piece take(Tier tier, long bytes, Runnable waiting) throws InterruptedException {
        tier(tier).take(bytes, waiting);
        return new Piece(tier(tier), bytes);
    }

    /** Takes a piece if it is free and nobody waits for one. */
    public Optional<Piece> tryTake(Tier tier, long bytes) {
        return tier(tier).tryTake(bytes, 0) ? Optional.of(new Piece(tier(tier), bytes)) : Optional.empty();
    }

    /** Takes a piece if nobody waits for one and half of the tier stays free. */
    public Optional<Piece> tryTakeOfMany(Tier tier, long bytes) {
        return tier(tier).tryTake(bytes, largest(tier) / 2)
                ? Optional.of(new Piece(tier(tier), bytes))
                : Optional.empty();
    }

    /**
     * Takes bytes that a transfer can do without, and returns whether it has. It takes none while others wait, and leaves
     * half of the large pieces to those who need them.
     */
    public boolean tryTake(long bytes) {
        return large.tryTake(bytes, large.size() / 2);
    }

    /** Gives back bytes that {@link #tryTake(long)} took. */
    public void give(long bytes) {
        large.give(bytes);
    }

    private MemoryTier tier(Tier tier) {
        return tier == Tier.SMALL ? small : large;
    }

    /** Memory that a transfer holds. Closing it gives it back; closing it again has no effect. */
    public static final class Piece implements AutoCloseable {
        private final MemoryTier tier;
        private final long bytes;
        private boolean closed;

        private Piece(MemoryTier tier, long bytes) {
            this.tier = tier;
            this.bytes = bytes;
        }

        /** Returns its size, in bytes. */
        public long bytes() {
            return bytes;
        }

        /**
         * Lets those who wait ask for this piece from now on. Each call starts a new turn.
         *
         * @param request runs at most once for this call, on the thread of a transfer that waits, so it must not block.
         *     The piece is not asked for again before the next call.
         */
        public void lend(Runnable request) {
            synchronized (this) {
                if (closed) {
                    return;
                }
            }
            tier.lend(this, request);
        }

        /** Lets nobody ask for this piece any more. */
        public void pin() {
            tier.pin(this);
        }

        @Override
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            tier.pin(this);
            tier.give(bytes);
        }
    }

    /** Returns nanoseconds as a duration does, without the overflow of long ones. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
