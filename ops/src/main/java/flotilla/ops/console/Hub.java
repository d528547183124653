package flotilla.ops.console;

import flotilla.ops.admin.Door.Visitor;
import flotilla.ops.admin.Site.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the live pages of this node up to date. It looks at each topic twice a second, once for all of its viewers, and
 * sends them what has changed. While nobody watches, it does nothing. One thread does everything here.
 */
final class Hub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final long PERIOD_MILLIS = 500;
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int most;
    private final Function<String, CompletionStage<Optional<Visitor>>> signIns;
    private final ScheduledThreadPoolExecutor thread = thread();
    private final Map<String, Watched> topics = new HashMap<>();
    private final List<Viewer> viewers = new ArrayList<>();
    private @Nullable ScheduledFuture<?> clock;

    /** A topic with the viewers who share it. */
    private static final class Watched {
        private final Topic topic;
        private final List<Viewer> viewers = new ArrayList<>();
        private @Nullable Picture shown;
        private boolean looking;

        Watched(Topic topic) {
            this.topic = topic;
        }
    }

    private static final class Viewer {
        private final Feed stream;
        private final String key;
        private final Watched watched;
        private long sent;
        private long checked;

        Viewer(Feed stream, String key, Watched watched, long now) {
            this.stream = stream;
            this.key = key;
            this.watched = watched;
            this.sent = now;
            this.checked = now;
        }
    }

    /**
     * Creates the hub.
     *
     * @param most viewers at a time
     * @param signIns tells whether the sign-in of a key still holds
     */
    Hub(int most, Function<String, CompletionStage<Optional<Visitor>>> signIns) {
        this.most = most;
        this.signIns = signIns;
    }

    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "flotilla-console");
            thread.setDaemon(true);
            return thread;
        });
        pool.setKeepAliveTime(10, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        pool.setRemoveOnCancelPolicy(true);
        return pool;
    }

    /**
     * Shows a topic to a viewer from now on. With too many viewers, the stream ends at once.
     *
     * @param key of the viewer's sign-in
     */
    void join(Topic topic, String key, Feed stream) {
        run(() -> joined(topic, key, stream));
    }

    /** Ends what is shown to somebody who has signed out. */
    void leave(String key) {
        run(() -> List.copyOf(viewers).stream()
                .filter(viewer -> viewer.key.equals(key))
                .forEach(this::end));
    }

    private void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.warn("the live pages of the console were not updated", e);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("the console is closed", closed);
        }
    }

    private void joined(Topic topic, String key, Feed stream) {
        if (viewers.size() >= most) {
            stream.send(event("full", "{}"));
            stream.end();
            return;
        }
        Watched watched = topics.computeIfAbsent(topic.name(), name -> new Watched(topic));
        Viewer viewer = new Viewer(stream, key, watched, System.nanoTime());
        viewers.add(viewer);
        watched.viewers.add(viewer);
        stream.ended().thenRun(() -> run(() -> forget(viewer)));
        stream.send("retry: 1000\n\n");
        Picture shown = watched.shown;
        if (shown != null) {
            send(viewer, event("picture", shown.whole()));
        }
        look(watched);
        if (clock == null) {
            clock = thread.scheduleWithFixedDelay(
                    () -> run(this::tick), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void forget(Viewer viewer) {
        viewers.remove(viewer);
        viewer.watched.viewers.remove(viewer);
        if (viewer.watched.viewers.isEmpty()) {
            topics.remove(viewer.watched.topic.name(), viewer.watched);
        }
        if (viewers.isEmpty() && clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }

    private void end(Viewer viewer) {
        viewer.stream.send(event("out", "{}"));
        viewer.stream.end();
        forget(viewer);
    }

    private void tick() {
        topics.values().forEach(this::look);
        long now = System.nanoTime();
        for (Viewer viewer : List.copyOf(viewers)) {
            if (now - viewer.sent >= BEAT_NANOS) {
                send(viewer, event("beat", "{}"));
            }
            if (now - viewer.checked >= CHECK_NANOS) {
                viewer.checked = now;
                check(viewer);
            }
        }
    }

    private void check(Viewer viewer) {
        signIns.apply(viewer.key).whenComplete((visitor, failure) -> {
            if (failure == null && visitor.isEmpty()) {
                run(() -> end(viewer));
            }
        });
    }

    private void look(Watched watched) {
        if (watched.looking) {
            return;
        }
        watched.looking = true;
        looked(watched.topic)
                .whenComplete((picture, failure) -> run(() -> {
                    watched.looking = false;
                    if (failure == null) {
                        show(watched, picture);
                    } else {
                        LOG.debug("{} cannot be shown", watched.topic.name(), failure);
                    }
                }));
    }

    private static CompletionStage<Picture> looked(Topic topic) {
        try {
            return topic.look();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void show(Watched watched, Picture picture) {
        Picture before = watched.shown;
        watched.shown = picture;
        Optional<String> news = before == null ? Optional.of(picture.whole()) : picture.since(before);
        news.map(text -> event("picture", text))
                .ifPresent(text -> List.copyOf(watched.viewers).forEach(viewer -> send(viewer, text)));
    }

    private static void send(Viewer viewer, String text) {
        viewer.sent = System.nanoTime();
        viewer.stream.send(text);
    }

    /** The data is JSON in one line. */
    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    /** Ends all streams. */
    @Override
    public void close() {
        run(() -> {
            List.copyOf(viewers).forEach(viewer -> {
                viewer.stream.end();
                forget(viewer);
            });
            thread.shutdown();
        });
    }
}
