package flotilla.storage.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of a store that make requests ahead of need. None waits in a queue. Many threads use it at once. */
final class Background implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final Semaphore streams;

    /**
     * Starts no thread yet.
     *
     * @param most most threads at once
     */
    Background(String store, int most) {
        this.streams = new Semaphore(Math.max(1, most * 3 / 4));
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(0, most, 20, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "s3-" + store + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.setRejectedExecutionHandler((task, executor) -> {
            throw new CancellationException();
        });
    }

    /** Starts a task; null when all threads are in use. */
    <T> @Nullable Future<T> start(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(task.call());
                } catch (Exception | Error e) {
                    result.completeExceptionally(e);
                }
            });
            return result;
        } catch (CancellationException e) {
            return null;
        }
    }

    /** Runs what follows when a task that was started has ended, with success or not. Does not block. */
    void afterwards(Future<?> task, Runnable follow) {
        if (task instanceof CompletableFuture<?> result) {
            result.whenComplete((value, failure) -> follow.run());
        }
    }

    /**
     * Returns the places of those who hold a connection for as long as their client takes. They are fewer than the
     * connections, so that short requests always find one.
     */
    Semaphore streams() {
        return streams;
    }

    /** A step of many that may run at the same time. */
    interface Step<T> {
        void run(T item) throws Exception;
    }

    /**
     * Runs a step for each item, some at the same time, and waits for all that were started. It starts no more after a
     * failure.
     *
     * @throws Exception the first failure
     */
    <T> void each(List<T> items, int atOnce, Step<T> step) throws Exception {
        for (int from = 0; from < items.size(); from += atOnce) {
            List<T> some = items.subList(from, Math.min(from + atOnce, items.size()));
            List<CompletableFuture<?>> running = new ArrayList<>(atOnce);
            Exception first = null;
            for (T item : some.subList(1, some.size())) {
                Future<?> task = start(() -> {
                    step.run(item);
                    return true;
                });
                if (task instanceof CompletableFuture<?> result) {
                    running.add(result);
                } else {
                    first = ran(step, item, first);
                }
            }
            first = ran(step, some.get(0), first);
            for (CompletableFuture<?> each : running) {
                Throwable failure = each.handle((value, thrown) -> thrown).join();
                first = first == null && failure instanceof Exception thrown ? thrown : first;
            }
            if (first != null) {
                throw first;
            }
        }
    }

    private static <T> @Nullable Exception ran(Step<T> step, T item, @Nullable Exception first) {
        try {
            step.run(item);
            return first;
        } catch (Exception e) {
            return first == null ? e : first;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
