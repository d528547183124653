package flotilla.ops.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines to a file on a thread of its own, so that no actor waits for a disk. Lines that come shortly after each other are
 * written together. Full queue: lines are dropped and counted.
 */
final class LineWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);
    private static final int QUEUE = 65_536;
    private static final int BATCH = 65_536;
    /** Waking the writer for each line cost a busy node more than writing it. */
    private static final long GATHER_MILLIS = 20;

    private static final String STANDARD_OUTPUT = "-";
    private static final String STANDARD_ERROR = "stderr";
    /** Says that the writer is to end; no line is empty. */
    private static final String END = "";

    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    /** Absent for standard output, which has no name. */
    private final @Nullable Supply supply;

    private OutputStream out;
    private volatile boolean renamed;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Opens what is written to. */
    @FunctionalInterface
    private interface Supply {
        OutputStream open() throws IOException;
    }

    private LineWriter(OutputStream out, @Nullable Supply supply, String name) {
        this.supply = supply;
        this.out = out;
        this.thread = new Thread(this::writeAll, "flotilla-log-" + name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** @param target a file, {@code -} for standard output, or {@code stderr} for standard error */
    static LineWriter open(String target) throws IOException {
        if (target.equals(STANDARD_OUTPUT)) {
            return new LineWriter(new FileOutputStream(FileDescriptor.out), null, "stdout");
        }
        if (target.equals(STANDARD_ERROR)) {
            return new LineWriter(new FileOutputStream(FileDescriptor.err), null, STANDARD_ERROR);
        }
        Path file = Path.of(target).toAbsolutePath();
        Files.createDirectories(file.getParent());
        Supply supply = () -> Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new LineWriter(supply.open(), supply, String.valueOf(file.getFileName()));
    }

    /** Before the next line the file is opened again by its name. */
    void reopen() {
        renamed = true;
    }

    private void openAgain() throws IOException {
        if (renamed && supply != null) {
            renamed = false;
            OutputStream next = supply.open();
            out.close();
            out = next;
        }
    }

    void write(String line) {
        if (!queue.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    private void writeAll() {
        StringBuilder batch = new StringBuilder();
        boolean ending = false;
        while (!ending || !queue.isEmpty()) {
            try {
                for (String line = queue.take(); line != null; line = batch.length() < BATCH ? queue.poll() : null) {
                    if (!line.equals(END)) {
                        batch.append(line).append('\n');
                    }
                }
                boolean full = batch.length() >= BATCH;
                openAgain();
                out.write(batch.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
                batch.setLength(0);
                reportDropped();
                ending = closed.await(full ? 0 : GATHER_MILLIS, TimeUnit.MILLISECONDS);
            } catch (IOException e) {
                batch.setLength(0);
                ending = closed.getCount() == 0;
                LOG.warn("a log cannot be written: {}", e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void reportDropped() {
        long count = dropped.getAndSet(0);
        if (count > 0) {
            LOG.warn("{} log lines were dropped: the disk is too slow", count);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        boolean unused = queue.offer(END); // whoever has a full queue needs no waking
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("closing a log", e);
        }
    }
}
