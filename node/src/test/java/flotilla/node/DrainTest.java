package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.NodeSettings.DrainSettings;
import flotilla.node.control.ControlListener;
import flotilla.node.control.ListenerRig;
import flotilla.node.overview.AfterDrain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A drain that the test drives and calls off, with a transfer that keeps it from ending. */
class DrainTest {
    private final Passive passive = new Passive();
    private final ByHand scheduler = new ByHand();
    private int explicit;
    private int implicit;
    private long now;
    private int transfers = 1;
    private ListenerRig rig;
    private Drain drain;

    @BeforeEach
    void aNodeInService() throws IOException {
        try (ServerSocket one = socket(0);
                ServerSocket other = socket(0)) {
            explicit = one.getLocalPort();
            implicit = other.getLocalPort();
        }
        rig = new ListenerRig(explicit, implicit);
        control().open();
        DrainSettings settings = new DrainSettings(Duration.ZERO, Duration.ofMinutes(5));
        drain = new Drain(() -> settings, scheduler, control(), () -> transfers, passive, () -> now);
    }

    @AfterEach
    void close() {
        rig.close();
        scheduler.shutdownNow();
    }

    private ControlListener control() {
        return rig.listener();
    }

    private static ServerSocket socket(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private static final class ByHand extends ScheduledThreadPoolExecutor {
        private Runnable look;

        ByHand() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long pause, TimeUnit unit) {
            look = task;
            return super.scheduleWithFixedDelay(task, 1, 1, TimeUnit.DAYS);
        }
    }

    private static final class Passive implements Drain.Doors {
        private boolean open = true;
        private boolean taken;
        private boolean edge = true;

        @Override
        public boolean letClientsIn() {
            return edge;
        }

        @Override
        public boolean areElsewhere() {
            return true;
        }

        @Override
        public void close() {
            open = false;
        }

        @Override
        public void reopen() {
            if (taken) {
                throw new IllegalStateException("a passive port is taken");
            }
            open = true;
        }

        @Override
        public void post() {}
    }

    private void drains() {
        drain.begin(AfterDrain.END);
        looksAfter(Duration.ZERO);
        assertDraining();
    }

    private void looksAfter(Duration pause) {
        now += pause.toNanos();
        scheduler.look.run();
    }

    private void assertDraining() {
        assertTrue(drain.isOn());
        assertFalse(passive.open);
        assertEquals(0, control().addresses().size());
    }

    private void assertInService() {
        assertFalse(drain.isOn());
        assertTrue(passive.open);
        assertEquals(2, control().addresses().size());
    }

    @Test
    void aDrainIsCalledOff() {
        drains();
        drain.cancel();
        assertInService();
    }

    @Test
    void aNodeThatIsNoEdgeLetsNoClientsInAfterADrainEither() {
        passive.edge = false;
        drains();
        drain.cancel();
        assertFalse(drain.isOn());
        assertEquals(0, control().addresses().size());
    }

    @Test
    void aNodeWhosePassivePortIsTakenGoesOnDrainingUntilItIsFree() {
        drains();
        passive.taken = true;
        Exception why = assertThrows(IllegalStateException.class, drain::cancel);
        assertEquals("a passive port is taken", why.getMessage());
        assertDraining();
        looksAfter(Duration.ofSeconds(1));
        assertDraining();
        passive.taken = false;
        drain.cancel();
        assertInService();
    }

    @Test
    void aNodeWhoseControlPortIsTakenGoesOnDrainingUntilItIsFree() throws IOException {
        drains();
        try (ServerSocket other = socket(implicit)) {
            Exception why = assertThrows(IllegalStateException.class, drain::cancel);
            assertTrue(why.getMessage().contains(":" + other.getLocalPort()), why.getMessage());
            assertDraining();
        }
        drain.cancel();
        assertInService();
    }

    @Test
    void aNodeThatStaysTakesWorkAgainAsLateAsOneLikes() {
        drain.begin(AfterDrain.STAY);
        looksAfter(Duration.ZERO);
        transfers = 0;
        looksAfter(Duration.ofDays(7));
        assertDraining();
        assertFalse(drain.ended().toCompletableFuture().isDone());
        drain.cancel();
        assertInService();
    }

    @Test
    void aNodeThatStayedGivesTransfersTheirWholeTimeWhenItIsToEnd() {
        drain.begin(AfterDrain.STAY);
        looksAfter(Duration.ZERO);
        looksAfter(Duration.ofHours(1));
        drain.begin(AfterDrain.END);
        looksAfter(Duration.ofMinutes(4));
        assertFalse(drain.ended().toCompletableFuture().isDone());
        looksAfter(Duration.ofMinutes(2));
        assertTrue(drain.ended().toCompletableFuture().isDone());
    }

    @Test
    void aNodeThatStaysCanBeToldToEndOrToStartAgain() {
        drain.begin(AfterDrain.STAY);
        looksAfter(Duration.ZERO);
        transfers = 0;
        drain.begin(AfterDrain.RESTART);
        looksAfter(Duration.ZERO);
        assertEquals(AfterDrain.RESTART, drain.ended().toCompletableFuture().getNow(null));
    }

    @Test
    void aDrainThatHasEndedCannotBeCalledOff() {
        drains();
        transfers = 0;
        looksAfter(Duration.ofSeconds(1));
        drain.ended().toCompletableFuture().join();
        Exception why = assertThrows(IllegalStateException.class, drain::cancel);
        assertEquals("its drain has ended, it is leaving the cluster", why.getMessage());
        assertDraining();
    }

    @Test
    void aTransferThatOutlivesItsDrainEndsNoConnection() {
        ListenerRig.Client client = rig.connect();
        client.transferring(true);
        drains();
        looksAfter(Duration.ofSeconds(21));
        drain.cancel();
        client.transferring(false);
        assertTrue(client.isOpen());
    }

    @Test
    void aTransferThatEndsLateInADrainEndsItsConnection() {
        ListenerRig.Client client = rig.connect();
        client.transferring(true);
        drains();
        looksAfter(Duration.ofSeconds(21));
        passive.taken = true;
        assertThrows(IllegalStateException.class, drain::cancel);
        looksAfter(Duration.ZERO);
        client.transferring(false);
        assertFalse(client.isOpen());
    }
}
