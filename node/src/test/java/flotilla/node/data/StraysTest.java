package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.PassivePool;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Stray;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sockets without a session are reported with the right reason, after few lookups of leases. */
class StraysTest {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final int LEASED = 50_000;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ConcurrentLinkedQueue<NodeEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final List<Runnable> work = new ArrayList<>();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private Strays strays(Executor executor, boolean fails) {
        PassivePool pool = (PassivePool) Proxy.newProxyInstance(
                StraysTest.class.getClassLoader(), new Class<?>[] {PassivePool.class}, (proxy, method, arguments) -> {
                    looks.incrementAndGet();
                    if (fails) {
                        throw new IllegalStateException("no cluster");
                    }
                    return Set.of(LEASED);
                });
        return new Strays(pool, events::add, executor, scheduler);
    }

    private long count(Stray why) {
        return events.stream()
                .filter(event -> event instanceof NodeEvent.StrayDataConnection stray && stray.why() == why)
                .count();
    }

    @Test
    void aLeaseOfSomebodyElseMakesAWrongPeer() {
        Strays strays = strays(Runnable::run, false);
        strays.withoutLease(CLIENT, LEASED);
        assertEquals(1, count(Stray.WRONG_PEER));
    }

    @Test
    void aFloodCostsOneLookAndIsCountedCompletely() {
        Strays strays = strays(work::add, false);
        for (int i = 0; i < Strays.MOST + 7; i++) {
            strays.withoutLease(CLIENT, i % 2 == 0 ? LEASED : 1);
        }
        work.forEach(Runnable::run);
        assertEquals(1, looks.get());
        assertEquals(Strays.MOST / 2, count(Stray.WRONG_PEER));
        assertEquals(Strays.MOST / 2, count(Stray.NO_LEASE));
        assertEquals(7, count(Stray.LOOKUP_FAILED));
    }

    @Test
    void whatCannotBeAskedIsNotCalledALackOfALease() {
        strays(Runnable::run, true).withoutLease(CLIENT, LEASED);
        strays(
                        task -> {
                            throw new RejectedExecutionException();
                        },
                        false)
                .withoutLease(CLIENT, LEASED);
        assertEquals(2, count(Stray.LOOKUP_FAILED));
        assertEquals(1, looks.get());
    }
}
