package flotilla.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.AlertBoard.Reading;
import flotilla.ops.alert.AlertSettings.Targets;
import flotilla.ops.alert.AlertSettings.Threshold;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three nodes with one memory, and one receiver that all of them tell. */
@Timeout(60)
class AlertsTest {
    private static final AlertSettings FIFTY = new AlertSettings(
            new Threshold(50, 45),
            Threshold.OFF,
            Threshold.OFF,
            new Threshold(90, 85),
            Threshold.OFF,
            Duration.ZERO,
            0,
            0,
            Duration.ZERO,
            new Targets(false, Optional.empty(), Optional.empty(), Optional.empty(), 10, 3));

    private final SharedBoards boards = new SharedBoards();
    private final Receiver receiver = new Receiver();
    private final List<Node> nodes = new ArrayList<>();

    /** Takes what it is told, once it is free. */
    private static final class Receiver implements Target {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        volatile int refusals;
        volatile CountDownLatch free = new CountDownLatch(0);

        @Override
        public String name() {
            return "receiver";
        }

        @Override
        public void tell(Notice notice) throws IOException, InterruptedException {
            free.await();
            if (refusals > 0) {
                refusals--;
                throw new IOException("not now");
            }
            told.add(notice.title());
        }

        String next() throws InterruptedException {
            return String.valueOf(told.poll(10, TimeUnit.SECONDS));
        }
    }

    private final class Node {
        final String name;
        final Alerts alerts;
        volatile List<Reading> readings = List.of();

        Node(String name) {
            this.name = name;
            this.alerts = new Alerts(
                    boards.join(name),
                    new Alerts.Self("test", name),
                    () -> Rules.of(FIFTY, List.of(30, 14, 3)),
                    List.of(() -> readings),
                    List.of(new TargetQueue(receiver, 10, 3, 1)),
                    Clock.systemUTC());
            nodes.add(this);
        }

        void sessions(int count) {
            readings = List.of(new Reading(Rules.SESSIONS, "", count, ""));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.alerts.close());
    }

    private void three(int one, int two, int three) {
        for (String name : List.of("one", "two", "three")) {
            new Node(name);
        }
        sessions(one, two, three);
    }

    private void sessions(int... counts) {
        for (int i = 0; i < counts.length; i++) {
            nodes.get(i).sessions(counts[i]);
        }
    }

    /** Each living node looks twice: the evaluator is the first, and sees what the others post only then. */
    private void look() throws Exception {
        for (int i = 0; i < 2; i++) {
            for (Node node : List.copyOf(nodes)) {
                node.alerts.look();
            }
        }
    }

    private void kill(int index) {
        Node dead = nodes.remove(index);
        boards.kill(dead.name);
        dead.alerts.close();
    }

    /** Looks until the cluster knows that the receiver was told. */
    private void settle() throws Exception {
        for (look();
                boards.alerts.values().stream().anyMatch(alert -> alert.told().isEmpty());
                look()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void oneAlertIsToldForTheClusterAndNoneAgainBeforeTheValueWasLow() throws Exception {
        three(20, 20, 10);
        look();
        assertTrue(receiver.told.isEmpty());
        sessions(20, 20, 11);
        look();
        assertEquals("firing: sessions: 51 sessions in the cluster, more than 50", receiver.next());
        sessions(20, 20, 5);
        settle();
        sessions(20, 20, 20);
        settle();
        assertTrue(receiver.told.isEmpty(), "it told again between 45 and 60");
        assertEquals(1, nodes.get(2).alerts.firing().size());
        sessions(20, 20, 4);
        look();
        assertEquals("resolved: sessions: 44 sessions in the cluster; this is over", receiver.next());
        settle();
        assertTrue(boards.alerts.isEmpty());
        sessions(20, 20, 11);
        look();
        assertEquals("firing: sessions: 51 sessions in the cluster, more than 50", receiver.next());
        settle();
        assertTrue(receiver.told.isEmpty());
    }

    @Test
    void theNextNodeTellsNothingTwice() throws Exception {
        three(2, 30, 30);
        look();
        assertEquals("firing: sessions: 62 sessions in the cluster, more than 50", receiver.next());
        settle();
        kill(0);
        settle();
        assertTrue(receiver.told.isEmpty(), "the next node told it again");
        sessions(20, 20);
        look();
        assertEquals("resolved: sessions: 40 sessions in the cluster; this is over", receiver.next());
    }

    @Test
    void theNextNodeTellsWhatTheDeadOneHadNotTold() throws Exception {
        three(2, 30, 30);
        receiver.free = new CountDownLatch(1);
        look();
        assertEquals(1, boards.alerts.size());
        kill(0);
        receiver.free.countDown();
        look();
        assertEquals("firing: sessions: 60 sessions in the cluster, more than 50".replace("60", "62"), receiver.next());
        settle();
        assertTrue(receiver.told.isEmpty());
    }

    @Test
    void aReceiverThatRefusesIsToldAgain() throws Exception {
        three(20, 20, 11);
        receiver.refusals = 2;
        look();
        assertEquals("firing: sessions: 51 sessions in the cluster, more than 50", receiver.next());
        settle();
        assertTrue(receiver.told.isEmpty());
    }

    @Test
    void nothingIsResolvedWhileANodeHasNotToldItsReadings() throws Exception {
        three(20, 20, 11);
        look();
        receiver.next();
        settle();
        boards.join("four");
        sessions(10, 10, 10);
        look();
        assertFalse(nodes.get(0).alerts.firing().isEmpty());
        boards.kill("four");
        look();
        assertEquals("resolved: sessions: 30 sessions in the cluster; this is over", receiver.next());
    }

    @Test
    void aCertificateIsToldAtEachThresholdAndResolvedWhenItIsReplaced() throws Exception {
        new Node("one");
        Node node = nodes.get(0);
        for (int days : new int[] {31, 30, 29, 14, 13, 3, 1, 0}) {
            node.readings = List.of(new Reading(Rules.CERTIFICATE, "a.pem clients 1", days, days + " days"));
            settle();
        }
        node.readings = List.of(new Reading(Rules.CERTIFICATE, "a.pem clients 2", 90, "90 days"));
        settle();
        assertEquals("firing: certificate: 30 days", receiver.next());
        assertEquals("firing: certificate: 14 days", receiver.next());
        assertEquals("firing: certificate: 3 days", receiver.next());
        assertEquals("firing: certificate: 0 days", receiver.next());
        assertEquals("resolved: certificate: a.pem clients 1: this is over", receiver.next());
        settle();
        assertTrue(receiver.told.isEmpty());
    }

    @Test
    void manyReadingsOfOneKindDisplaceNoOthers() throws Exception {
        Node node = new Node("one");
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            readings.add(new Reading("certificate", "c" + i, 300, ""));
        }
        readings.add(new Reading(Rules.SESSIONS, "", 60, ""));
        node.readings = readings;
        look();
        assertEquals(
                List.of(Rules.SESSIONS),
                boards.alerts.values().stream().map(AlertBoard.Alert::rule).toList());
    }

    @Test
    void theStoreThatAllNodesShareIsOneAlert() throws Exception {
        three(0, 0, 0);
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).readings = List.of(new Reading(Rules.STORAGE, "default", 91 + i, ""));
        }
        look();
        assertTrue(receiver.next().startsWith("firing: storage: the store default is 9"));
        settle();
        assertTrue(receiver.told.isEmpty());
        for (Node node : nodes) {
            node.readings = List.of(new Reading(Rules.STORAGE_AWAY, node.name, 1, "it is away"));
        }
        settle();
        List<String> told = new ArrayList<>();
        while (told.size() < 4) {
            told.add(receiver.next());
        }
        assertTrue(told.contains("firing: storage-away: storage of two: it is away"), told.toString());
    }

    @Test
    void anotherPartMayReportWhatItWatches() throws Exception {
        new Node("one");
        Node node = nodes.get(0);
        node.readings = List.of(new Reading(Rules.EVENTS, "stock", 1, "500 since ten minutes"));
        settle();
        assertEquals("firing: events: events for stock are not taken: 500 since ten minutes", receiver.next());
        node.readings = List.of();
        settle();
        assertEquals("resolved: events: stock: this is over", receiver.next());
    }

    @Test
    void aTestReachesOneTargetAndTellsItsRefusal() throws Exception {
        new Node("one");
        Alerts alerts = nodes.get(0).alerts;
        assertEquals(
                Optional.empty(), alerts.test("receiver").toCompletableFuture().get());
        assertEquals("firing: test: this is a test, nothing is wrong", receiver.next());
        receiver.refusals = 1;
        assertEquals(
                Optional.of("not now"),
                alerts.test("receiver").toCompletableFuture().get());
    }
}
