package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.Bans;
import flotilla.cluster.Block;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.Figures;
import flotilla.cluster.Freezes;
import flotilla.cluster.Group;
import flotilla.cluster.Limits;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.Roll;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.TestNodes.Greeting;
import flotilla.cluster.hazelcast.TestNodes.State;
import flotilla.cluster.placement.LocalAllocation;
import flotilla.cluster.placement.SessionExtractor;
import flotilla.cluster.placement.SessionPlacement;
import flotilla.cluster.protection.ClusterKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Runs two nodes in one JVM as one server, with a key that seals shared values. The last test kills one of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // nodes are set before all
class TwoNodesTest {
    private ClusterNode one;
    private ClusterNode two;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        Path keyFile = directory.resolve("cluster.key");
        ClusterKey.create(keyFile);
        Protection sealed = new Protection(TestCertificates.files(), keyFile);
        one = TestNodes.start("one", directory, List.of(), Duration.ofHours(1), sealed);
        two = TestNodes.start("two", directory, List.of(TestNodes.seed(one)), Duration.ofHours(1), sealed);
        eventually(() -> one.isAgreed() && two.isAgreed());
    }

    @AfterAll
    void stop() {
        get(two.leave());
        get(one.leave());
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @Test
    @Order(1)
    void usersAreShared() {
        User user = User.create("shared", "$argon2id$", "/");
        get(one.users().put(user));
        assertEquals(Optional.of(user), get(two.users().find("shared")));
        assertTrue(get(two.users().remove("shared")));
        assertEquals(Optional.empty(), get(one.users().find("shared")));
    }

    @Test
    @Order(1)
    void aLimitIsExactOverBothNodes() {
        for (int round = 0; round < 5; round++) {
            Limits.Key key = Limits.Key.user("both-" + round);
            List<CompletableFuture<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ClusterNode node = i % 2 == 0 ? one : two;
                all.add(node.limits().acquire(key, node.holder("h" + i), 33).toCompletableFuture());
            }
            assertEquals(33, all.stream().filter(CompletableFuture::join).count());
            assertEquals(33, get(two.limits().held(key)));
        }
    }

    @Test
    @Order(1)
    void eachSlotIsSeenByOneNodeThatLooksAfterIt() {
        Set<Limits.Key> keys = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Limits.Key key = Limits.Key.user("leaked-" + i);
            keys.add(key);
            get(one.limits().acquire(key, one.holder("a" + i), 0));
            get(two.limits().acquire(key, two.holder("b" + i), 0));
        }
        Map<Limits.Key, Integer> here = one.limits().heldHere();
        Map<Limits.Key, Integer> there = two.limits().heldHere();
        for (Limits.Key key : keys) {
            assertEquals(2, here.getOrDefault(key, 0) + there.getOrDefault(key, 0));
            assertTrue(here.containsKey(key) != there.containsKey(key));
        }
        for (int i = 0; i < 20; i++) {
            get(one.limits().release(Limits.Key.user("leaked-" + i), "a" + i));
            get(one.limits().release(Limits.Key.user("leaked-" + i), "b" + i));
        }
        keys.forEach(key -> assertFalse(one.limits().heldHere().containsKey(key)));
    }

    @Test
    @Order(1)
    void eitherNodeKnowsWhichPortsAreLeasedToAnyone() throws UnknownHostException {
        InetAddress client = address("203.0.113.99");
        int port = get(one.passivePool().lease(one.holder("s"), client)).orElseThrow();
        Set<Integer> asked = Set.of(port, 1);
        assertEquals(Set.of(port), one.passivePool().leasedAmong(asked));
        assertEquals(Set.of(port), two.passivePool().leasedAmong(asked));
        assertEquals(Set.of(), two.passivePool().leasedAmong(Set.of(1)));
        get(two.passivePool().take(port, client));
        assertEquals(Set.of(), one.passivePool().leasedAmong(asked));
    }

    @Test
    @Order(1)
    void aLeaseOfOneNodeIsTakenOnceByEither() throws UnknownHostException {
        for (int i = 1; i < 60; i++) {
            InetAddress client = address("203.0.113." + i);
            int port = get(one.passivePool().lease(one.holder("s" + i), client)).orElseThrow();
            CompletableFuture<Optional<String>> here =
                    one.passivePool().take(port, client).toCompletableFuture();
            CompletableFuture<Optional<String>> there =
                    two.passivePool().take(port, client).toCompletableFuture();
            assertTrue(here.join().isPresent() ^ there.join().isPresent());
        }
        assertEquals(0, one.passivePool().leased() + two.passivePool().leased());
    }

    @Test
    @Order(1)
    void aBanReachesTheOtherNode() throws UnknownHostException {
        InetAddress address = address("198.51.100.9");
        get(one.bans().ban(address, Duration.ofMinutes(1), "test"));
        eventually(() -> two.bans().find(address).isPresent());
        assertTrue(get(two.bans().unban(address)));
        eventually(() -> one.bans().find(address).isEmpty());
        Block network = Block.parse("198.51.100.0/24");
        get(one.bans().keep(network, Bans.FOREVER, "test"));
        eventually(() -> two.bans().find(address).isPresent());
        assertTrue(get(two.bans().unban(network)));
        eventually(() -> one.bans().find(address).isEmpty());
    }

    @Test
    @Order(1)
    void bothNodesSeeReadingsAndAlertsAndTheOldestEvaluatesThem() {
        assertTrue(one.alerts().isEvaluator());
        assertFalse(two.alerts().isEvaluator());
        AlertBoard.Reading reading = new AlertBoard.Reading("sessions", "", 51, "");
        get(two.alerts().post(new AlertBoard.NodeReadings("two", List.of(reading))));
        assertEquals(
                List.of(reading),
                get(one.alerts().readings()).get(0).readings(),
                "of two, the only one that has posted");
        AlertBoard.Alert alert =
                new AlertBoard.Alert("id", "sessions", "", 1, true, 51, "51 sessions", 5, Set.of("log"));
        get(one.alerts().put(alert));
        eventually(() -> two.alerts().known().equals(List.of(alert)));
        assertEquals(Map.of(alert.key(), alert), get(two.alerts().alerts()));
        get(two.alerts().remove(alert));
        eventually(() -> one.alerts().known().isEmpty());
        assertTrue(Math.abs(two.alerts().clockAhead()) < 1_000, "both have one clock");
    }

    @Test
    @Order(1)
    void aNodeIsKnownByTheAddressOfItsActorSystem() {
        String address = Cluster.get(two.system()).selfMember().address().toString();
        eventually(() -> one.board().nameOf(address).equals(two.name()));
        assertEquals("pekko://flotilla@192.0.2.1:1", one.board().nameOf("pekko://flotilla@192.0.2.1:1"));
    }

    @Test
    @Order(1)
    void aTraceIsKnownEverywhereUntilItEnds() {
        get(one.traces().follow(Set.of("alice", "192.0.2.7"), Duration.ofMinutes(1)));
        eventually(() -> two.traces().follows("alice", "", "") && two.traces().follows("", "192.0.2.7", ""));
        assertFalse(two.traces().follows("", "", ""));
        get(two.traces().follow(Set.of("session"), Duration.ofMillis(300)));
        assertFalse(two.traces().follows("alice", "192.0.2.7", "another"));
        eventually(() -> !one.traces().follows("alice", "192.0.2.7", ""));
        eventually(() -> !one.traces().follows("", "", "session"));
        eventually(() -> two.traces().list().isEmpty());
        get(one.traces().follow(Set.of("alice"), Duration.ofMinutes(1)));
        get(one.traces().follow(Set.of(), Duration.ofMinutes(1)));
        eventually(() -> two.traces().list().isEmpty());
    }

    @Test
    @Order(1)
    void aFreezeIsKnownEverywhereUntilItIsThawedOrEnds() throws UnknownHostException {
        InetAddress client = address("192.0.2.7");
        get(one.freezes().freeze(Freezes.Kind.USER, "alice", Duration.ofMinutes(1), "why", "operator"));
        eventually(() -> two.freezes().find("s", "alice", client).isPresent());
        assertTrue(two.freezes().find("s", "bob", client).isEmpty());
        assertEquals("why", two.freezes().list().get(0).reason());
        assertTrue(get(two.freezes().thaw(Freezes.Kind.USER, "alice")));
        assertFalse(get(two.freezes().thaw(Freezes.Kind.USER, "alice")));
        eventually(() -> one.freezes().find("s", "alice", client).isEmpty());
        get(one.freezes().freeze(Freezes.Kind.ADDRESS, "192.0.2.0/24", Duration.ofMillis(300), "", ""));
        eventually(() -> two.freezes().find("s", "", client).isEmpty());
        get(two.freezes().freeze(Freezes.Kind.SESSION, "s", Duration.ofMinutes(1), "", ""));
        eventually(() -> one.freezes().find("s", "", client).isPresent());
        assertTrue(get(one.freezes().thaw(Freezes.Kind.SESSION, "s")));
        eventually(() -> two.freezes().list().isEmpty());
    }

    @Test
    @Order(1)
    void nodesAgreeOnWhatWasProposedFirst() {
        assertEquals(Optional.empty(), get(two.agreements().find("storage")));
        assertEquals("a", get(one.agreements().propose("storage", "a")));
        assertEquals("a", get(two.agreements().propose("storage", "b")));
        assertEquals(Optional.of("a"), get(two.agreements().find("storage")));
    }

    @Test
    @Order(1)
    void ticketKeysAreTheSame() {
        assertEquals(1, two.ticketKeys().current().size());
        assertArrayEquals(
                one.ticketKeys().current().get(0).aesKey(),
                two.ticketKeys().current().get(0).aesKey());
    }

    @Test
    @Order(1)
    void aSessionClaimedByTheOtherNodeIsFenced() {
        assertTrue(get(one.sessions().save(one.holder("fenced"), 1, new State("alice", 1))));
        assertEquals("two", get(two.sessions().claim("fenced")).orElseThrow().node());
        assertFalse(get(one.sessions().save(one.holder("fenced"), 1, new State("alice", 2))));
        assertTrue(get(two.sessions().save(one.holder("fenced"), 2, new State("alice", 3))));
        assertEquals(
                new State("alice", 3),
                get(one.sessions().list(10)).stream()
                        .filter(record -> record.sessionId().equals("fenced"))
                        .findFirst()
                        .orElseThrow()
                        .state());
    }

    @Test
    @Order(1)
    void aChangedAccountIsToldOnBothNodes() throws Exception {
        CompletableFuture<String> here = new CompletableFuture<>();
        CompletableFuture<String> there = new CompletableFuture<>();
        AutoCloseable first = one.users().onChange(here::complete);
        AutoCloseable second = two.users().onChange(there::complete);
        get(one.users().put(User.create("changed", "", "home")));
        assertEquals("changed", get(here));
        assertEquals("changed", get(there));
        first.close();
        second.close();
    }

    @Test
    @Order(1)
    void aChangedGroupHoldsAndIsToldOnBothNodes() throws Exception {
        CompletableFuture<String> there = new CompletableFuture<>();
        AutoCloseable listening = two.users().onGroupChange(there::complete);
        User member = User.create("member", "", "home").change().group("crew").make();
        get(one.users().put(member));
        assertFalse(get(two.users().find("member")).orElseThrow().enabled(), "no such group");
        get(one.users()
                .groups()
                .put(new Group(
                        "crew", User.create("", "", "").change().maxSessions(7).make())));
        assertEquals("crew", get(there));
        assertEquals(7, get(two.users().find("member")).orElseThrow().maxSessions());
        get(two.users().groups().remove("crew", true));
        assertFalse(get(one.users().find("member")).orElseThrow().enabled());
        listening.close();
    }

    @Test
    @Order(1)
    void aValueOfAKeyHoldsAndIsToldOnBothNodes() throws Exception {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        AutoCloseable listening = two.overrides()
                .onChange(() -> told.complete(two.overrides().all().containsKey("flotilla.a")));
        get(one.overrides().set("flotilla.a", "1", "alice"));
        assertTrue(get(told), "the listener sees the new value");
        assertEquals("1", two.overrides().all().get("flotilla.a").value());
        assertEquals("alice", two.overrides().all().get("flotilla.a").by());
        assertTrue(get(two.overrides().unset("flotilla.a")));
        assertFalse(get(two.overrides().unset("flotilla.a")));
        eventually(() -> one.overrides().all().isEmpty());
        assertThrows(IllegalArgumentException.class, () -> one.overrides().set("flotilla.a", "x".repeat(4001), ""));
        listening.close();
    }

    @Test
    @Order(1)
    void bothNodesAreOnTheRollUntilTheyAreForgotten() {
        eventually(() ->
                get(one.roll().all()).stream().map(Roll.Entry::name).toList().equals(List.of("one", "two")));
        assertTrue(get(two.roll().all()).stream().noneMatch(Roll.Entry::inOrder));
        assertFalse(get(one.roll().forget("three")));
        assertTrue(get(one.roll().forget("two")));
        assertEquals(1, get(two.roll().all()).size());
    }

    @Test
    @Order(1)
    void aStopOfWritingIsSeenOnBothNodes() {
        assertTrue(two.writeStop().find().isEmpty());
        get(two.writeStop().stop("first"));
        assertEquals("first", two.writeStop().find().orElseThrow().reason());
        get(one.writeStop().stop("new disks: 18:00"));
        eventually(() -> two.writeStop()
                .find()
                .filter(stop -> stop.reason().equals("new disks: 18:00"))
                .isPresent());
        assertTrue(get(two.writeStop().lift()));
        eventually(() -> one.writeStop().find().isEmpty());
        assertFalse(get(one.writeStop().lift()));
        get(two.writeStop().stop("")); // the last test takes that node away
        eventually(() -> one.writeStop().find().isPresent());
    }

    @Test
    @Order(1)
    void aFileHasOneWriterOverBothNodes() {
        assertTrue(get(one.uploadLocks().lock("/f", one.holder("s1"))));
        assertFalse(get(two.uploadLocks().lock("/f", two.holder("s2"))));
        get(one.uploadLocks().unlock("/f", "s1"));
        assertTrue(get(two.uploadLocks().lock("/f", two.holder("s2"))));
        get(two.uploadLocks().unlock("/f", "s2"));
    }

    @Test
    @Order(1)
    void aUsageIsOneOverBothNodes() {
        for (int i = 0; i < 20; i++) {
            String user = "used-" + i;
            get(one.quotas().set(user, new Usage(10, 1)));
            QuotaLedger.Reservation upload = two.quotas().reservation(user);
            assertTrue(get(upload.hold(new Usage(80, 1), new Usage(100, 0))));
            assertFalse(get(one.quotas().reservation(user).hold(new Usage(20, 1), new Usage(100, 0))));
            QuotaLedger.Count count = get(one.quotas().beginCount(user)).orElseThrow();
            get(upload.show());
            get(upload.settle(new Usage(70, 1), true));
            assertEquals(Optional.empty(), get(one.quotas().endCount(user, count, new Usage(10, 1))));
            assertEquals(Optional.of(new Usage(80, 2)), get(one.quotas().find(user)));
        }
        List<String> due = new ArrayList<>(one.quotas().due(Instant.now(), 100));
        due.addAll(two.quotas().due(Instant.now(), 100));
        for (int i = 0; i < 20; i++) {
            assertTrue(due.remove("used-" + i), "each is due on one node");
            assertFalse(due.contains("used-" + i));
        }
    }

    @Test
    @Order(1)
    void messagesWithReferencesTravel() {
        TestProbe<Greeting> probe = TestProbe.create(Greeting.class, one.system());
        ActorRef<Greeting> echo = two.system()
                .systemActorOf(
                        Behaviors.receiveMessage(greeting -> {
                            greeting.replyTo().tell(new Greeting("hello " + greeting.text(), greeting.replyTo()));
                            return Behaviors.same();
                        }),
                        "echo",
                        Props.empty());
        ActorRef<Greeting> remote = ActorRefResolver.get(one.system()).resolveActorRef(serialized(two.system(), echo));
        remote.tell(new Greeting("world", probe.getRef()));
        assertEquals("hello world", probe.receiveMessage(Duration.ofSeconds(10)).text());
    }

    @Test
    @Order(1)
    void aSessionLivesOnTheNodeThatMadeItsId() {
        EntityTypeKey<Greeting> key = EntityTypeKey.create(Greeting.class, "session");
        for (ClusterNode node : List.of(one, two)) {
            ClusterSharding.get(node.system())
                    .init(Entity.of(key, entity -> tellsNode(node.name()))
                            .withMessageExtractor(new SessionExtractor<>())
                            .withAllocationStrategy(LocalAllocation.on(node.system(), node.board())));
        }
        for (ClusterNode node : List.of(one, two, one)) {
            TestProbe<Greeting> probe = TestProbe.create(Greeting.class, node.system());
            SessionPlacement placement = SessionPlacement.local(SessionPlacement.shardsOf(node.system()));
            for (int i = 0; i < 30; i++) {
                ClusterSharding.get(node.system())
                        .entityRefFor(key, placement.newSessionId())
                        .tell(new Greeting("where?", probe.getRef()));
                assertEquals(
                        node.name(),
                        probe.receiveMessage(Duration.ofSeconds(15)).text());
            }
        }
    }

    private static Behavior<Greeting> tellsNode(String name) {
        return Behaviors.receiveMessage(greeting -> {
            greeting.replyTo().tell(new Greeting(name, greeting.replyTo()));
            return Behaviors.same();
        });
    }

    private static String serialized(ActorSystem<?> system, ActorRef<?> ref) {
        return ActorRefResolver.get(system).toSerializationFormat(ref);
    }

    @Test
    @Order(2)
    void whatALostNodeHeldIsGivenBack() throws Exception {
        Limits.Key key = Limits.Key.user("lost");
        InetAddress client = address("203.0.113.99");
        assertTrue(get(one.limits().acquire(key, one.holder("mine"), 2)));
        assertTrue(get(two.limits().acquire(key, two.holder("its"), 2)));
        assertFalse(get(one.limits().acquire(key, one.holder("more"), 2)));
        for (int i = 0; i < 100; i++) {
            get(one.users().put(User.create("kept-" + i, "", "/")));
            get(two.quotas().set("kept-" + i, new Usage(i, 1)));
            get(one.quotas().reservation("kept-" + i).hold(new Usage(10, 1), Usage.NOTHING));
            get(two.quotas().reservation("kept-" + i).hold(new Usage(500, 1), Usage.NOTHING));
        }
        Usage reserved = new Usage(510, 3);
        assertEquals(Optional.of(reserved), get(one.quotas().find("kept-0")));
        int port = get(two.passivePool().lease(two.holder("its"), client)).orElseThrow();
        assertTrue(get(two.uploadLocks().lock("/lost", two.holder("its"))));
        Figures.Figure counted = new Figures.Figure("node", "two", 1, 2, 3, 4, 5, 6, 7);
        for (int i = 0; i < 100; i++) {
            get(two.freezes().freeze(Freezes.Kind.USER, "held-" + i, Duration.ofHours(1), "", ""));
            get(two.figures().keep(Figures.Part.TOTALS, new Figures.Minute("two", i, List.of(counted))));
        }
        two.system().terminate();
        two.system()
                .getWhenTerminated()
                .toCompletableFuture()
                .get(90, TimeUnit.SECONDS); // each phase waits for up to 10 s
        for (int i = 0; i < 100; i++) {
            assertTrue(get(one.users().find("kept-" + i)).isPresent());
            Usage left = new Usage(i + 10, 2);
            String user = "kept-" + i;
            eventually(() -> Optional.of(left).equals(get(one.quotas().find(user))));
        }
        eventually(() -> get(one.limits().held(key)) == 1);
        assertTrue(get(one.limits().acquire(key, one.holder("more"), 2)));
        eventually(() -> one.uploadLocks().held() == 0);
        assertEquals(Optional.empty(), get(one.passivePool().take(port, client)));
        assertEquals(
                new State("alice", 3),
                get(one.sessions().claim("fenced")).orElseThrow().state());
        eventually(one::isAgreed);
        eventually(() -> one.freezes().list().size() == 100);
        List<Figures.Minute> minutes = get(one.figures().since(Figures.Part.TOTALS, 50));
        assertEquals(50, minutes.size());
        assertEquals(List.of(counted), minutes.get(0).figures());
        assertEquals(List.of(), get(one.figures().since(Figures.Part.NAMES, 0)));
        assertEquals("", one.writeStop().find().orElseThrow().reason());
        assertTrue(get(one.writeStop().lift()), "the stop outlives the node that asked for it");
    }
}
