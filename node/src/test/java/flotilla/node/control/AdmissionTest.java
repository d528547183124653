package flotilla.node.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Holder;
import flotilla.node.control.ControlSettings.ProxySettings;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.fixture.MemoryCluster;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Connections wait for their slots while nobody answers, and so many only. */
class AdmissionTest {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MOST = 2;

    private final MemoryCluster cluster = new MemoryCluster(null);
    private final Admission admission = new Admission(
            cluster.bans(),
            cluster.limits(),
            new ControlSettings(
                    List.of(CLIENT),
                    0,
                    0,
                    0,
                    0,
                    LONG,
                    LONG,
                    LONG,
                    LONG,
                    LONG,
                    128,
                    256,
                    8,
                    5,
                    MOST,
                    16,
                    new ProxySettings(ProxySettings.Mode.OFF, List.of(), LONG)));

    private CompletableFuture<Optional<Refusal>> admit(String session) {
        return admission.admit(new Holder(session, new UUID(0, 1)), CLIENT).toCompletableFuture();
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
