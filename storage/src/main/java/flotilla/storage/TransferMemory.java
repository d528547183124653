package flotilla.storage;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits the memory for bytes that the transfers of a node hold for their stores at once. A transfer that finds it used
 * up waits. Many threads may use it at once.
 */
public final class TransferMemory {
    /** The unit of counting, in bytes. */
    private static final int PIECE = 1024;

    private static final long ALIVE_MILLIS = 500;

    private final int pieces;
    private final Semaphore free;

    /**
     * Creates the memory; nothing of it is in use.
     *
     * @param bytes the limit, up to 2 TiB
     */
    public TransferMemory(long bytes) {
        this.pieces = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / PIECE));
        this.free = new Semaphore(pieces, true);
    }

    /** Returns the limit, in bytes. */
    public long bytes() {
        return (long) pieces * PIECE;
    }

    /** Returns the bytes that no transfer holds now. */
    public long freeBytes() {
        return (long) free.availablePermits() * PIECE;
    }

    /** Takes bytes if they are free now, and returns whether it has taken them. */
    public boolean tryTake(long bytes) {
        return free.tryAcquire(needed(bytes));
    }

    /**
     * Takes bytes, behind those that wait already.
     *
     * @param bytes at most the limit
     * @param waiting runs about twice a second while this waits
     * @throws InterruptedException when the thread is interrupted; nothing is taken then
     */
    public void take(long bytes, Runnable waiting) throws InterruptedException {
        int needed = needed(bytes);
        if (needed > pieces) {
            throw new IllegalArgumentException(bytes + " bytes are more than the limit of " + bytes());
        }
        while (!free.tryAcquire(needed, ALIVE_MILLIS, TimeUnit.MILLISECONDS)) {
            waiting.run();
        }
    }

    /** Gives back bytes that were taken in one call. */
    public void give(long bytes) {
        free.release(needed(bytes));
    }

    private static int needed(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes + PIECE - 1) / PIECE);
    }
}
