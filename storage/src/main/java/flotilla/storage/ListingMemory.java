package flotilla.storage;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits the memory for names and entries that all listings of a node hold at once. All sizes are estimates in bytes.
 * Many threads may use it at once.
 */
public final class ListingMemory {
    /**
     * Bytes of a name besides its characters, with its place in a list: a little more than a JVM with compressed
     * references needs.
     */
    private static final int NAME = 128;
    /** Bytes of an entry besides the characters of its name. */
    private static final int ENTRY = 256;
    /** The unit of counting, in bytes. */
    private static final int PIECE = 1024;

    private final int pieces;
    private final Semaphore free;

    /**
     * Creates the memory; nothing of it is in use.
     *
     * @param bytes the limit, up to 2 TiB
     */
    public ListingMemory(long bytes) {
        this.pieces = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / PIECE));
        this.free = new Semaphore(pieces, true);
    }

    /**
     * Returns the bytes that a name takes while it is held.
     *
     * @param length bytes or characters of the name
     */
    public static long ofName(int length) {
        return NAME + 2L * length;
    }

    /**
     * Returns the bytes that an entry takes while it is held.
     *
     * @param length characters of its name
     */
    public static long ofEntry(int length) {
        return ENTRY + 2L * length;
    }

    /** Returns the limit, in bytes. */
    public long bytes() {
        return (long) pieces * PIECE;
    }

    /** Returns the bytes that no listing holds now. */
    public long freeBytes() {
        return (long) free.availablePermits() * PIECE;
    }

    /** Returns a new share that holds nothing. One thread uses it. */
    public Share share() {
        return new Share();
    }

    /** The memory that one listing holds. */
    public final class Share implements AutoCloseable {
        private long used;
        private int held;

        private Share() {}

        /** Returns the bytes in use. */
        public long used() {
            return used;
        }

        /**
         * Takes {@code more} bytes if they are free. Never waits.
         *
         * @return whether it has taken them
         */
        public boolean grow(long more) {
            int needed = needed(used + more);
            if (needed > held && !free.tryAcquire(needed - held)) {
                return false;
            }
            held = Math.max(held, needed);
            used += more;
            return true;
        }

        /**
         * Gives back everything and waits until {@code total} bytes are free, behind those that wait already.
         * {@link #grow} then finds these bytes reserved. The share holds nothing while it waits, so that listings do
         * not wait for each other.
         *
         * @return false when the bytes were not free in time, or exceed the limit
         */
        public boolean exchange(long total, Duration patience) {
            close();
            int needed = needed(total);
            try {
                if (needed > pieces || !free.tryAcquire(needed, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            held = needed;
            return true;
        }

        private static int needed(long bytes) {
            return (int) Math.min(Integer.MAX_VALUE, (bytes + PIECE - 1) / PIECE);
        }

        @Override
        public void close() {
            free.release(held);
            held = 0;
            used = 0;
        }
    }
}
