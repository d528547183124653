package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.data.Contests.Claim;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A second socket at a lease waits until the first one has proved itself, or has failed to. */
class ContestsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<Arrival> late = new LinkedBlockingQueue<>();
    private final BlockingQueue<Arrival> again = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private Contests contests(Duration patience) {
        return new Contests(scheduler, patience, late::add, again::add);
    }

    private static Arrival arrival(int port) throws IOException {
        return new Arrival(SocketChannel.open(), InetAddress.getLoopbackAddress(), port, ByteBuffer.allocate(0));
    }

    @Test
    void whoWaitsForAThiefIsMatchedAgain() throws Exception {
        Contests contests = contests(LONG);
        Claim thief = contests.begin(arrival(1));
        Arrival second = arrival(1);
        assertTrue(contests.join(second));
        assertFalse(contests.join(arrival(2)), "nobody has that lease");
        thief.refused();
        assertEquals(List.of(second), List.copyOf(again));
        thief.taken();
        assertTrue(late.isEmpty());
        assertFalse(contests.join(arrival(1)), "nobody is awaited any more");
    }

    @Test
    void whoWaitsForTheRightOneIsTooLate() throws Exception {
        Contests contests = contests(LONG);
        Claim right = contests.begin(arrival(1));
        Arrival second = arrival(1);
        assertTrue(contests.join(second));
        right.taken();
        assertEquals(List.of(second), List.copyOf(late));
    }

    @Test
    void onlyAFewWaitAndNotForLong() throws Exception {
        Contests contests = contests(LONG);
        contests.begin(arrival(1));
        for (int i = 0; i < Contests.MOST; i++) {
            assertTrue(contests.join(arrival(1)));
        }
        assertFalse(contests.join(arrival(1)));
        Contests hasty = contests(Duration.ofMillis(1));
        hasty.begin(arrival(1));
        Arrival second = arrival(1);
        assertTrue(hasty.join(second));
        assertSame(second, late.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void nobodyWaitsWhereNobodyIsTakenForAThief() throws Exception {
        Contests contests = contests(Duration.ZERO);
        contests.begin(arrival(1));
        assertFalse(contests.join(arrival(1)));
    }
}
