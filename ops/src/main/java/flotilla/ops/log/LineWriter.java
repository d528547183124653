package flotilla.ops.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines to a file on a thread of its own, so that no actor waits for a disk. It writes lines together that come
 * shortly after each other. While the file cannot be written, lines wait. When the queue is full, further lines are
 * lost and counted.
 */
final class LineWriter implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);
    private static final int BATCH = 65_536;
    /** The writer gathers lines for so long: waking it for each line cost a busy node more than writing. */
    private static final long GATHER_MILLIS = 20;

    private static final long RETRY_MILLIS = 250;
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Tells the writer to end. */
    private static final Line END = new Line("", new CompletableFuture<>());

    /** @param written completes when the line is in the file, and fails when it cannot be written for now */
    private record Line(String text, CompletableFuture<Void> written) {
        /** Returns whether this is the end. No line is empty. */
        private boolean isEnd() {
            return text.isEmpty();
        }
    }

    private final BlockingQueue<Line> queue;
    private final AtomicLong lost = new AtomicLong();
    private final LogTarget target;
    private final Lines lines = new Lines();
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private FileChannel out;
    private volatile boolean renamed;
    private volatile boolean failing;
    /** Those of the lines that are taken and not yet written. Touched by the writer alone. */
    private final List<CompletableFuture<Void>> taken = new ArrayList<>();

    private long lostTold;
    private long quietUntil = System.nanoTime();

    private LineWriter(LogTarget target, int capacity) throws IOException {
        this.target = target;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.out = target.open();
        this.thread = new Thread(this::writeAll, "flotilla-log-" + target.name());
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Opens the file.
     *
     * @param target as for {@link LogTarget#of}
     * @param capacity most lines that wait
     * @throws IOException when it cannot be written
     */
    static LineWriter open(String target, int capacity) throws IOException {
        return new LineWriter(LogTarget.of(target), capacity);
    }

    @Override
    public void reopen() {
        renamed = true;
    }

    @Override
    public void write(String line) {
        CompletionStage<Void> unused = writeNow(line);
    }

    /**
     * Writes a line. The stage completes when it is in the file. It fails when it is lost, and when the file cannot be
     * written for now: it may be written later.
     */
    CompletionStage<Void> writeNow(String line) {
        Line added = new Line(line, new CompletableFuture<>());
        if (!queue.offer(added)) {
            lost.incrementAndGet();
            added.written().completeExceptionally(new IOException("the log " + target.name() + " is full"));
        }
        return added.written();
    }

    /** Returns false between a failed attempt to write and the next one that goes well. */
    boolean isWritable() {
        return !failing;
    }

    @Override
    public long lost() {
        return lost.get();
    }

    @Override
    public boolean isFailing() {
        return failing;
    }

    private void writeAll() {
        try {
            boolean ending = false;
            while (!ending || !queue.isEmpty()) {
                boolean full = lines.isEmpty() ? take() : true;
                ending = write() ? closed.await(full ? 0 : GATHER_MILLIS, TimeUnit.MILLISECONDS) : pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lost.addAndGet(lines.count());
    }

    /**
     * Waits for lines and takes them.
     *
     * @return whether there may be more of them
     */
    private boolean take() throws InterruptedException {
        StringBuilder batch = new StringBuilder();
        for (Line line = queue.take(); line != null; line = batch.length() < BATCH ? queue.poll() : null) {
            if (!line.isEnd()) {
                batch.append(line.text()).append('\n');
                taken.add(line.written());
            }
        }
        lines.set(batch.toString());
        return batch.length() >= BATCH;
    }

    /**
     * Writes the lines taken.
     *
     * @return false after a failure
     */
    private boolean write() {
        openAgain();
        try {
            lines.writeTo(out, target.file().isPresent());
        } catch (IOException e) {
            failed(e);
            tellWaiting(e);
            return false;
        }
        tellRecovery();
        taken.forEach(written -> written.complete(null));
        taken.clear();
        return true;
    }

    /** Tells those who wait for their lines that it may take long. */
    private void tellWaiting(IOException failure) {
        taken.forEach(written -> written.completeExceptionally(failure));
        taken.clear();
        queue.forEach(line -> line.written().completeExceptionally(failure));
    }

    /**
     * Waits after a failure.
     *
     * @return whether the writer ends; the remaining lines are then lost
     */
    private boolean pause() throws InterruptedException {
        boolean ending = closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        if (ending) {
            lost.addAndGet(queue.stream().filter(line -> !line.isEnd()).count());
            queue.clear();
        }
        return ending;
    }

    private void openAgain() {
        if (!renamed || target.file().isEmpty()) {
            return;
        }
        renamed = false;
        try {
            FileChannel next = target.open();
            out.close();
            out = next;
        } catch (IOException e) {
            LOG.warn("the log {} is not opened again, and is written where it was: {}", target.name(), reason(e));
        }
    }

    private void failed(IOException e) {
        failing = true;
        if (maySpeak()) {
            LOG.warn(
                    "the log {} cannot be written: {}. Lines wait, {} at most; {} are lost so far",
                    target.name(),
                    reason(e),
                    queue.size() + queue.remainingCapacity(),
                    lost.get());
        }
    }

    private void tellRecovery() {
        long all = lost.get();
        if (failing) {
            failing = false;
            quietUntil = System.nanoTime();
            LOG.warn("the log {} is written again; {} lines were lost", target.name(), all - lostTold);
        } else if (all == lostTold || !maySpeak()) {
            return;
        } else {
            LOG.warn("{} lines of the log {} were lost: it is written too slowly", all - lostTold, target.name());
        }
        lostTold = all;
    }

    private boolean maySpeak() {
        long now = System.nanoTime();
        if (now - quietUntil < 0) {
            return false;
        }
        quietUntil = now + QUIET_NANOS;
        return true;
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    @Override
    public void close() {
        closed.countDown();
        boolean unused = queue.offer(END); // with a full queue the writer is awake
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
            if (target.file().isPresent()) {
                out.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("closing a log", e);
        }
    }
}
