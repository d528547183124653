package flotilla.ops.event;

import flotilla.cluster.Outbox;
import flotilla.cluster.Outbox.Row;
import flotilla.node.event.NotRecordedException;
import flotilla.node.event.RareLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts this node's events into the outbox. What waits at the same time is written in one transaction, so that many
 * uploads at once cost few of them.
 */
final class EventWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final int MOST_AT_ONCE = 200;
    private static final long LOOK_MILLIS = 200;
    /** Attempts to write an event for which nobody waits. */
    private static final int TRIES = 10;

    private final Outbox outbox;
    private final EventCounts counts;
    private final Duration patience;
    private final Runnable wake;
    private final BlockingQueue<Item> waiting;
    private final RareLines rare = new RareLines();
    private final Thread thread;
    private volatile boolean ending;

    /** Rows of one event. Somebody waits for {@code done}, or it is of no event that must be recorded. */
    private static final class Item {
        private final List<Row> rows;
        private final boolean must;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private int tries;

        Item(List<Row> rows, boolean must) {
            this.rows = rows;
            this.must = must;
        }
    }

    /**
     * Writes nothing before {@link #start}.
     *
     * @param wake is called when there are new rows
     */
    EventWriter(Outbox outbox, EventSettings settings, EventCounts counts, Runnable wake) {
        this.outbox = outbox;
        this.counts = counts;
        this.patience = settings.patience();
        this.wake = wake;
        this.waiting = new ArrayBlockingQueue<>(settings.queue());
        this.thread = new Thread(this::work, "flotilla-event-writer");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Writes rows. The stage is complete when they are on disk, and fails with a {@link NotRecordedException}. */
    CompletableFuture<Boolean> record(List<Row> rows) {
        Item item = new Item(rows, true);
        if (ending || !waiting.offer(item)) {
            return refused("too many events wait for the database", null);
        }
        return item.done
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> failure == null
                        ? CompletableFuture.completedFuture(true)
                        : refused("the database did not record the event: " + failure.getMessage(), failure))
                .thenCompose(stage -> stage);
    }

    /** Refuses an event that must be recorded. */
    CompletableFuture<Boolean> refused(String why, @Nullable Throwable cause) {
        counts.refused.increment();
        rare.next("refused", System.nanoTime())
                .ifPresent(more ->
                        LOG.error("a client got 451 for a change that is done: {} ({} so far)", why, counts.refused()));
        return CompletableFuture.failedFuture(new NotRecordedException(why, cause));
    }

    /** Writes rows later. Nobody waits for them. */
    void offer(List<Row> rows) {
        if (ending || !waiting.offer(new Item(rows, false))) {
            drop(1);
        }
    }

    /** Counts events that are dropped. */
    void drop(int number) {
        if (number == 0) {
            return;
        }
        counts.dropped.add(number);
        rare.next("dropped", System.nanoTime())
                .ifPresent(more -> LOG.warn(
                        "events are dropped, because too many wait or the node ends: {} so far", counts.dropped()));
    }

    private void work() {
        List<Item> items = new ArrayList<>();
        try {
            while (!ending || !waiting.isEmpty()) {
                Item first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    items.add(first);
                    waiting.drainTo(items, MOST_AT_ONCE - 1);
                    write(items.stream().filter(item -> !item.done.isDone()).toList());
                    items.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Item> items) throws InterruptedException {
        if (items.isEmpty()) {
            return; // nobody waits for them any more
        }
        try {
            List<Row> rows = items.stream().flatMap(item -> item.rows.stream()).toList();
            outbox.add(rows).toCompletableFuture().join();
            counts.recorded.add(rows.size());
            counts.waiting.addAndGet(rows.size());
            items.forEach(item -> item.done.complete(true));
            wake.run();
        } catch (RuntimeException e) {
            LOG.debug("events were not written", e);
            items.stream().filter(item -> item.must).forEach(item -> item.done.completeExceptionally(e));
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            items.stream().filter(item -> !item.must).forEach(this::again);
        }
    }

    private void again(Item item) {
        item.tries++;
        if (item.tries >= TRIES || !waiting.offer(item)) {
            drop(1);
        }
    }

    /** Writes what waits, and ends the thread. */
    @Override
    public void close() {
        ending = true;
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        List<Item> left = new ArrayList<>();
        waiting.drainTo(left);
        left.forEach(item -> item.done.completeExceptionally(new IllegalStateException("this node ends")));
        drop((int) left.stream().filter(item -> !item.must).count());
    }
}
