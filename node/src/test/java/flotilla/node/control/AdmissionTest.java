package flotilla.node.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Holder;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.protocol.Proxy;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A limited number of connections wait for their slots while the shared state does not answer. */
class AdmissionTest {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MOST = 2;
    private static final int UNAUTHENTICATED = 0;
    private static final Duration SECOND_LOOK = Duration.ofMillis(100);

    private final MemoryCluster cluster = new MemoryCluster(null);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private Admission admission = admission(0);

    private Admission admission(int maxPerAddress) {
        return new Admission(
                cluster.bans(),
                cluster.limits(),
                () -> new ControlSettings(
                        new ControlSettings.Listeners(
                                List.of(CLIENT), 0, 0, 16, new Proxy(Proxy.Mode.OFF, List.of(), LONG)),
                        new ControlSettings.Admission(0, maxPerAddress, UNAUTHENTICATED, MOST, SECOND_LOOK),
                        new ControlSettings.Times(LONG, LONG, LONG, LONG, LONG, LONG),
                        new ControlSettings.Lines(128, 256, 8, 5)));
    }

    private CompletableFuture<Optional<Refusal>> admit(String session) {
        return admission
                .admit(new Holder(session, new UUID(0, 1)), CLIENT, channel.eventLoop())
                .toCompletableFuture();
    }

    private void lookAgain() {
        channel.advanceTimeBy(SECOND_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    @DisplayName("a client that comes back before its slot does is let in, and one more than may be is not")
    void aSlotThatIsBackAMomentLater() {
        admission = admission(1);
        assertTrue(admit("first").join().isEmpty());
        CompletableFuture<Optional<Refusal>> second = admit("second");
        assertFalse(second.isDone());
        admission.release("first", CLIENT);
        lookAgain();
        assertTrue(second.join().isEmpty());

        CompletableFuture<Optional<Refusal>> third = admit("third");
        lookAgain();
        assertEquals(Optional.of(Refusal.ADDRESS_SESSIONS), third.join());
    }

    @Test
    @DisplayName("a client whose address the lists refuse is refused before anything else, and takes no slot")
    void addressesThatMayNotConnect() {
        admission.admitOnly(address -> !address.equals(CLIENT));
        admission.drain(true);
        assertEquals(Optional.of(Refusal.ADDRESS_DENIED), admit("first").join());
        assertTrue(cluster.limits().heldHere().isEmpty());
        admission.drain(false);
        admission.admitOnly(address -> true);
        assertTrue(admit("second").join().isEmpty());
    }

    @Test
    @DisplayName("who finds no slot does not take the place of others that wait")
    void noSecondLookWhileMany() {
        admission = admission(1);
        assertTrue(admit("first").join().isEmpty());
        CompletableFuture<Optional<Refusal>> waits = admit("second");
        assertEquals(Optional.of(Refusal.ADDRESS_SESSIONS), admit("third").join());
        assertFalse(waits.isDone());
        lookAgain();
        assertEquals(Optional.of(Refusal.ADDRESS_SESSIONS), waits.join());
    }

    @Test
    void nobodyIsTakenWhileTheStorageIsNotThere() {
        admission.require(() -> false);
        assertEquals(Optional.of(Refusal.STORAGE), admit("first").join());
        assertEquals("", cluster.held());
        admission.require(() -> true);
        assertTrue(admit("second").join().isEmpty());
    }

    @Test
    void moreThanMayWaitAreRefused() {
        cluster.limitsDelay.holdUp();
        CompletableFuture<Optional<Refusal>> first = admit("first");
        CompletableFuture<Optional<Refusal>> second = admit("second");
        assertEquals(Optional.of(Refusal.OVERLOADED), admit("third").join());
        assertFalse(first.isDone() || second.isDone());
        cluster.limitsDelay.letGo();
        assertTrue(first.join().isEmpty() && second.join().isEmpty());
        assertTrue(admit("fourth").join().isEmpty());
    }
}
