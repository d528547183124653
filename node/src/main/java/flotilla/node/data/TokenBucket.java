package flotilla.node.data;

/** A rate in bytes per second with a burst of a tenth of a second. Debt is allowed: a larger step waits longer. */
final class TokenBucket {
    private static final long SECOND = 1_000_000_000L;
    private static final long BURST = SECOND / 10;

    private long bytesPerSecond;
    private long paidUntil;

    TokenBucket(long bytesPerSecond, long now) {
        this.bytesPerSecond = bytesPerSecond;
        this.paidUntil = now - BURST;
    }

    /** Changes the rate of the steps from now on. */
    synchronized void rate(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** Starts again with another rate: what was taken under the old one is paid. */
    synchronized void restart(long newBytesPerSecond, long now) {
        bytesPerSecond = newBytesPerSecond;
        paidUntil = Math.min(paidUntil, now);
    }

    /**
     * Takes {@code bytes}.
     *
     * @param now the time, as {@link System#nanoTime} gives it
     * @return nanoseconds to wait before the bytes may move
     */
    synchronized long take(long bytes, long now) {
        paidUntil = Math.max(paidUntil, now - BURST) + bytes * SECOND / bytesPerSecond;
        return Math.max(0, paidUntil - now);
    }
}
