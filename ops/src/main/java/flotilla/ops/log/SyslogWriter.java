package flotilla.ops.log;

import flotilla.ops.config.SyslogSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends lines to a receiver of syslog on a thread of its own. While the receiver is away or slow, lines wait. When the
 * queue is full, further lines are lost and counted.
 */
final class SyslogWriter implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(SyslogWriter.class);
    private static final int BATCH = 200;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final long END_MILLIS = 3_000;
    /** Tells the thread to end. No line is empty. */
    private static final String END = "";

    private final BlockingQueue<String> queue;
    private final AtomicLong lost = new AtomicLong();
    private final SyslogSettings settings;
    private final SyslogReceiver receiver;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean failing;

    /**
     * Starts the thread. It connects with the first line.
     *
     * @param capacity most lines that wait
     */
    SyslogWriter(SyslogSettings settings, int capacity) {
        this.settings = settings;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.receiver = new SyslogReceiver(settings);
        this.thread = new Thread(this::work, "flotilla-syslog");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Returns the address of the receiver. */
    String place() {
        return settings.place();
    }

    @Override
    public void write(String line) {
        if (!queue.offer(line)) {
            lost.incrementAndGet();
        }
    }

    @Override
    public void reopen() {
        // a receiver is no file that could be renamed
    }

    @Override
    public long lost() {
        return lost.get();
    }

    @Override
    public boolean isFailing() {
        return failing;
    }

    private void work() {
        List<byte[]> batch = new ArrayList<>();
        try {
            boolean ending = false;
            while (!ending || !queue.isEmpty()) {
                ending = take(batch) || closed.getCount() == 0;
                if (!send(batch)) {
                    break;
                }
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lost.addAndGet(batch.size());
        lost.addAndGet(queue.stream().filter(line -> !line.equals(END)).count());
    }

    /** @return whether the end has come */
    private boolean take(List<byte[]> batch) throws InterruptedException {
        boolean ending = false;
        for (String line = queue.take(); line != null; line = batch.size() < BATCH ? queue.poll() : null) {
            ending |= line.equals(END);
            if (!line.equals(END)) {
                batch.add(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return ending;
    }

    /**
     * Sends lines, again and again until the receiver has them.
     *
     * @return false when the process ends meanwhile
     */
    private boolean send(List<byte[]> batch) throws InterruptedException {
        long pause = FIRST_PAUSE_MILLIS;
        while (!batch.isEmpty()) {
            try {
                receiver.send(batch);
                if (failing) {
                    LOG.warn("syslog is sent to {} again; {} lines are lost so far", settings.place(), lost.get());
                }
                failing = false;
                return true;
            } catch (IOException | RuntimeException e) { // such as a certificate that is half written
                if (!failing) {
                    LOG.warn(
                            "syslog cannot be sent to {}: {}. Lines wait, {} at most",
                            settings.place(),
                            e.getMessage() == null ? e.toString() : e.getMessage(),
                            queue.size() + queue.remainingCapacity());
                }
                failing = true;
            }
            if (closed.await(pause, TimeUnit.MILLISECONDS)) {
                return false;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        return true;
    }

    @Override
    public void close() {
        closed.countDown();
        boolean unused = queue.offer(END); // with a full queue the thread is awake
        try {
            thread.join(END_MILLIS);
            receiver.close(); // ends a write that hangs
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        receiver.close();
    }
}
