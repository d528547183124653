package flotilla.storage;

import flotilla.storage.TransferMemory.Piece;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** One tier of a {@link TransferMemory}: bytes that are given out in the order of requests. */
final class MemoryTier {
    private final long size;
    private final long turnNanos;
    private final long aliveNanos;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private final Map<Piece, Loan> lent = new LinkedHashMap<>();
    private long free;

    MemoryTier(long size, Duration turn, Duration alive, LongSupplier nanos) {
        this.size = size;
        this.free = size;
        this.turnNanos = TransferMemory.nanos(turn);
        this.aliveNanos = TransferMemory.nanos(alive);
        this.nanos = nanos;
    }

    /** A request that waits. */
    private static final class Waiter {
        private final long bytes;
        private final Condition served;
        private boolean granted;

        Waiter(long bytes, Condition served) {
            this.bytes = bytes;
            this.served = served;
        }
    }

    /**
     * A piece that its holder would give back.
     *
     * @param since start of its turn, by the clock of this tier
     */
    private record Loan(long since, Runnable request) {}

    long size() {
        return size;
    }

    long free() {
        lock.lock();
        try {
            return free;
        } finally {
            lock.unlock();
        }
    }

    boolean tryTake(long bytes, long rest) {
        lock.lock();
        try {
            if (!waiting.isEmpty() || free - bytes < rest) {
                return false;
            }
            free -= bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void take(long bytes, Runnable alive) throws InterruptedException {
        if (bytes > size) {
            throw new IllegalArgumentException(bytes + " bytes are more than the limit of " + size);
        }
        if (tryTake(bytes, 0)) {
            return;
        }
        Waiter waiter = enqueue(bytes);
        boolean done = false;
        try {
            while (!isServed(waiter)) {
                alive.run();
                longestHeld(waiter).ifPresent(Runnable::run);
            }
            done = true;
        } finally {
            if (!done) {
                leave(waiter);
            }
        }
    }

    private Waiter enqueue(long bytes) {
        lock.lock();
        try {
            Waiter waiter = new Waiter(bytes, lock.newCondition());
            waiting.add(waiter);
            serve();
            return waiter;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for some time, and returns whether the waiter has its bytes. */
    private boolean isServed(Waiter waiter) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = aliveNanos;
            while (!waiter.granted && left > 0) {
                left = waiter.served.awaitNanos(left);
            }
            return waiter.granted;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiter waiter) {
        lock.lock();
        try {
            if (waiter.granted) {
                free += waiter.bytes;
            } else {
                waiting.remove(waiter);
            }
            serve();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the loan whose turn is over for the longest time, for a waiter at the head. */
    private Optional<Runnable> longestHeld(Waiter waiter) {
        lock.lock();
        try {
            Iterator<Loan> loans = lent.values().iterator();
            if (waiting.peek() != waiter || !loans.hasNext()) {
                return Optional.empty();
            }
            Loan oldest = loans.next();
            if (nanos.getAsLong() - oldest.since() < turnNanos) {
                return Optional.empty();
            }
            loans.remove();
            return Optional.of(oldest.request());
        } finally {
            lock.unlock();
        }
    }

    void lend(Piece piece, Runnable request) {
        lock.lock();
        try {
            lent.remove(piece);
            lent.put(piece, new Loan(nanos.getAsLong(), request));
        } finally {
            lock.unlock();
        }
    }

    void pin(Piece piece) {
        lock.lock();
        try {
            lent.remove(piece);
        } finally {
            lock.unlock();
        }
    }

    void give(long bytes) {
        lock.lock();
        try {
            free += bytes;
            serve();
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        while (!waiting.isEmpty() && waiting.peek().bytes <= free) {
            Waiter served = waiting.remove();
            free -= served.bytes;
            served.granted = true;
            served.served.signal();
        }
    }
}
