package flotilla.ops.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.state.Link;
import flotilla.ops.e2e.Await;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HookQueueTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Link LINK =
            new Link("0-s", LOOPBACK, 50_000, LOOPBACK, 21, false, "node-1", Instant.EPOCH, new UUID(0, 1));

    private final List<NodeEvent> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private static NodeEvent event(int number) {
        return new NodeEvent.Banned("192.0.2." + number, "test");
    }

    private static void close(HookQueue queue, Duration patience) {
        queue.end();
        queue.await(System.nanoTime() + patience.toNanos());
    }

    /** A hook that stores its events. */
    private class Remembering implements EventHook {
        @Override
        public void on(NodeEvent event) throws Exception {
            taken.add(event);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    @DisplayName("a hook gets the events in their order, then its end; later ones are dropped")
    void order() throws Exception {
        HookQueue queue = new HookQueue("h", new Remembering(), 10);
        queue.accept(event(1));
        queue.accept(new NodeEvent.Exchanged(LINK, "alice", "PWD", 257, "/"));
        queue.accept(event(2));
        close(queue, LONG);
        queue.accept(event(3));
        assertEquals(List.of(event(1), event(2)), taken, "the protocol trace is not for hooks");
        assertEquals(0, closed.getCount());
        assertEquals(List.of(2L, 0L, 1L), List.of(queue.delivered(), queue.failed(), queue.dropped()));
    }

    @Test
    @DisplayName("events beyond the limit of a slow hook are dropped and counted, and nobody waits for it")
    void slow() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        HookQueue queue = new HookQueue(
                "h",
                new Remembering() {
                    @Override
                    public void on(NodeEvent event) throws Exception {
                        busy.countDown();
                        go.await();
                        super.on(event);
                    }
                },
                2);
        queue.accept(event(1));
        busy.await();
        for (int i = 2; i <= 5; i++) {
            queue.accept(event(i));
        }
        assertEquals(2, queue.dropped());
        go.countDown();
        close(queue, LONG);
        assertEquals(List.of(event(1), event(2), event(3)), taken);
    }

    @Test
    @DisplayName("a failure costs the event, not those that follow")
    void failing() throws Exception {
        HookQueue queue = new HookQueue(
                "h",
                new Remembering() {
                    @Override
                    public void on(NodeEvent event) throws Exception {
                        if (event.equals(event(1))) {
                            throw new IllegalStateException("cannot");
                        }
                        if (event.equals(event(2))) {
                            throw new NoClassDefFoundError("of another release");
                        }
                        super.on(event);
                    }
                },
                10);
        for (int i = 1; i <= 3; i++) {
            queue.accept(event(i));
        }
        close(queue, LONG);
        assertEquals(List.of(event(3)), taken);
        assertEquals(List.of(1L, 2L, 0L), List.of(queue.delivered(), queue.failed(), queue.dropped()));
    }

    @Test
    @DisplayName("the end does not wait for a hook that hangs, and drops what waits for it")
    void hanging() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        HookQueue queue = new HookQueue(
                "h",
                new Remembering() {
                    @Override
                    public void on(NodeEvent event) throws Exception {
                        busy.countDown();
                        new CountDownLatch(1).await();
                    }
                },
                2);
        for (int i = 1; i <= 3; i++) {
            queue.accept(event(i));
        }
        busy.await();
        close(queue, Duration.ofMillis(10));
        closed.await();
        Await.until("all are dropped", () -> queue.dropped() == 3);
        assertTrue(taken.isEmpty());
    }
}
