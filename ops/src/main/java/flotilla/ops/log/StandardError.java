package flotilla.ops.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes the process's own messages to standard error on a thread of its own, so that a pipe without a reader stops no
 * other thread. Messages beyond the queue are dropped and counted. One line reports their number as soon as there is
 * room.
 */
public final class StandardError extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** Has no key, because logback creates this object before there is a configuration. */
    private static final int QUEUE = 8192;
    /** Longest wait for queued messages at the end of the process. */
    private static final long END_MILLIS = 1000;

    private final BlockingQueue<byte[]> queue;
    private final OutputStream out;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private @Nullable Encoder<ILoggingEvent> encoder;
    private volatile boolean ending;

    /** Called by logback. */
    public StandardError() {
        this(new FileOutputStream(FileDescriptor.err), QUEUE);
    }

    StandardError(OutputStream out, int capacity) {
        this.out = out;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /** Called by logback. */
    public void setEncoder(Encoder<ILoggingEvent> chosen) {
        encoder = chosen;
    }

    @Override
    public void start() {
        Thread writer = new Thread(this::writeAll, "flotilla-messages");
        writer.setDaemon(true);
        writer.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "flotilla-messages-end"));
        super.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (encoder == null) {
            return;
        }
        write(encoder.encode(event));
        if (ending) {
            awaitWritten(); // the hook has run, but other threads of the shutdown still write
        }
    }

    void write(byte[] message) {
        queued.incrementAndGet();
        if (!queue.offer(message)) {
            queued.decrementAndGet();
            dropped.incrementAndGet();
        }
    }

    /** Returns the number of dropped messages that were not reported yet. */
    long dropped() {
        return dropped.get();
    }

    void writeAll() {
        try {
            while (true) {
                writeOne(queue.take());
                queued.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOne(byte[] message) {
        try {
            out.write(message);
            long lost = dropped.getAndSet(0);
            if (lost > 0) {
                out.write(("flotilla: " + lost + " messages were dropped: standard error was not read fast enough\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
        } catch (IOException closed) {
            dropped.incrementAndGet();
        }
    }

    private void end() {
        ending = true;
        awaitWritten();
    }

    private void awaitWritten() {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS);
        try {
            while (queued.get() > 0 && System.nanoTime() - until < 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
