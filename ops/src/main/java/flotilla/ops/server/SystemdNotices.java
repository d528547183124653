package flotilla.ops.server;

import flotilla.node.control.EventLoops;
import flotilla.node.control.NotifySocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd about this process (sd_notify(3), for {@code Type=notify}): when it is ready, why it is not, when it
 * stops, and that it lives. A sign of life is sent only after each event loop has answered, so that systemd replaces a
 * process that hangs. Without {@code NOTIFY_SOCKET} in the environment it does nothing.
 */
final class SystemdNotices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotices.class);
    private static final long STATUS_MICROS = TimeUnit.SECONDS.toMicros(5);
    /** A third of the time after which systemd ends the process: two signs of life may be late. */
    private static final int BEATS = 3;

    private final EventLoops loops;
    private final Optional<NotifySocket> socket;
    private final long watchdogMicros;
    private final ScheduledExecutorService timer;
    private String status = "";
    private volatile boolean answered = true;
    private volatile boolean told;

    private SystemdNotices(EventLoops loops, Optional<NotifySocket> socket, long watchdogMicros) {
        this.loops = loops;
        this.socket = socket;
        this.watchdogMicros = watchdogMicros;
        this.timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "flotilla-notify");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens the connection to the service manager of this process.
     *
     * @param environment of the process: {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC}
     */
    static SystemdNotices open(Map<String, String> environment, EventLoops loops) {
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        Optional<NotifySocket> socket = path.isEmpty() ? Optional.empty() : NotifySocket.open(loops, path);
        if (!path.isEmpty() && socket.isEmpty()) {
            LOG.warn("cannot notify systemd: Netty's epoll library does not load here");
        }
        return new SystemdNotices(loops, socket, micros(environment.getOrDefault("WATCHDOG_USEC", "")));
    }

    private static long micros(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Says that the server is ready, and from now on whether it still is, and that it lives.
     *
     * @param unready returns the reasons why the server is not ready; must not block
     */
    void ready(Supplier<List<String>> unready) {
        if (socket.isEmpty()) {
            return;
        }
        send("READY=1\n" + statusOf(List.of()));
        long pause = watchdogMicros > 0 ? Math.min(STATUS_MICROS, watchdogMicros / BEATS) : STATUS_MICROS;
        timer.scheduleWithFixedDelay(() -> beat(unready.get()), 0, pause, TimeUnit.MICROSECONDS);
    }

    private void beat(List<String> unready) {
        String now = statusOf(unready);
        if (!now.equals(status)) {
            status = now;
            send(now);
        }
        if (watchdogMicros > 0 && answered) {
            answered = false;
            loops.turn().thenRun(() -> {
                answered = true;
                send("WATCHDOG=1");
            });
        }
    }

    private static String statusOf(List<String> reasons) {
        return "STATUS="
                + (reasons.isEmpty()
                        ? "ready"
                        : "not ready: " + String.join("; ", reasons).replace('\n', ' '));
    }

    /** Says that the server stops, which may take as long as its transfers. */
    void stopping() {
        send("STOPPING=1\nSTATUS=stopping: waiting for transfers");
    }

    private void send(String state) {
        socket.ifPresent(open -> open.send(state).whenComplete((done, failure) -> {
            if (failure != null && !told) {
                told = true;
                LOG.warn("cannot notify systemd, which may restart this server: {}", failure.getMessage());
            }
        }));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        socket.ifPresent(NotifySocket::close);
    }
}
