package flotilla.storage;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What all listings of a node may hold of names and entries at once, in bytes. Safe for many threads. */
public final class ListingMemory {
    /**
     * What a name takes besides its characters, with its place in a list: a little more than a JVM with compressed
     * references needs.
     */
    private static final int NAME = 128;
    /** What an entry takes besides the characters of its name. */
    private static final int ENTRY = 256;
    /** Counted in pieces of so many bytes. */
    private static final int PIECE = 1024;

    private final int pieces;
    private final Semaphore free;

    /**
     * @param bytes up to 2 TiB
     */
    public ListingMemory(long bytes) {
        this.pieces = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / PIECE));
        this.free = new Semaphore(pieces, true);
    }

    /** What a name of so many bytes or characters takes while it is held. */
    public static long ofName(int length) {
        return NAME + 2L * length;
    }

    /** What an entry with a name of so many characters takes while it is held. */
    public static long ofEntry(int length) {
        return ENTRY + 2L * length;
    }

    /** All there is, in bytes. */
    public long bytes() {
        return (long) pieces * PIECE;
    }

    /** What nothing holds now, in bytes. */
    public long freeBytes() {
        return (long) free.availablePermits() * PIECE;
    }

    /** A share without a byte. Used by one thread. */
    public Share share() {
        return new Share();
    }

    /** What one listing holds. */
    public final class Share implements AutoCloseable {
        private long used;
        private int held;

        private Share() {}

        /** Bytes in use. */
        public long used() {
            return used;
        }

        /** Takes more, if that much is free. Never waits. */
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
         * Gives back all that is held and waits until {@code total} is free, behind those that wait already;
         * {@link #grow} then finds it. Nothing is held while it waits, so that listings do not wait for each other.
         *
         * @return false when it was not free in time, or is more than all there is
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
