package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Holder;
import flotilla.cluster.hazelcast.TestNodes.Greeting;
import flotilla.cluster.hazelcast.TestNodes.State;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs two nodes of different releases over real remoting. The second one has components and classes that the first has
 * not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // nodes are set before all
class TwoReleasesTest {
    /** {@link Greeting} in the next release. */
    record Salute(
            @Tag(1) String text,
            @Tag(2) ActorRef<Greeting> replyTo,
            @Tag(3) String language,
            @Tag(4) Extra extra) implements Wire {}

    record Extra(@Tag(1) List<String> words) {}

    /** {@link State} in the next release. */
    record RicherState(
            @Tag(1) String user, @Tag(2) int number, @Tag(3) String since) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(@Tag(1) byte[] bytes) implements Wire {}

    /** The other release's class for the id of {@link Bytes}, so that any bytes are read as something else. */
    record Maps(@Tag(1) Map<String, List<Extra>> map) implements Wire {}

    /** A class that only one release knows. */
    record Unknown(@Tag(1) String text) implements Wire {}

    private ClusterNode older;
    private ClusterNode newer;

    @BeforeAll
    void start(@TempDir Path directory) {
        older = TestNodes.start(
                "older",
                directory,
                List.of(),
                Map.of(200, State.class, 201, Greeting.class, 203, Bytes.class, 204, Unknown.class));
        newer = TestNodes.start(
                "newer",
                directory,
                List.of(TestNodes.seed(older)),
                Map.of(200, RicherState.class, 201, Salute.class, 202, Extra.class, 203, Maps.class));
        eventually(() -> older.isAgreed() && newer.isAgreed());
    }

    @AfterAll
    void stop() {
        get(newer.leave());
        get(older.leave());
    }

    /** A reference to an actor of {@code node} as {@code other} has it. */
    private static <T> ActorRef<T> as(ClusterNode other, ClusterNode node, ActorRef<?> actor) {
        return ActorRefResolver.get(other.system())
                .resolveActorRef(ActorRefResolver.get(node.system()).toSerializationFormat(actor));
    }

    private ActorRef<Wire> answering(String name) {
        return newer.system()
                .systemActorOf(
                        Behaviors.receive(Wire.class)
                                .onMessage(Salute.class, salute -> {
                                    ActorRef<Salute> back = as(newer, older, salute.replyTo());
                                    back.tell(new Salute(
                                            salute.text(),
                                            salute.replyTo(),
                                            "en",
                                            new Extra(List.of("more", "words"))));
                                    return Behaviors.same();
                                })
                                .onAnyMessage(other -> Behaviors.same())
                                .build(),
                        name,
                        Props.empty());
    }

    @Test
    void messagesWithMoreAndWithFewerComponentsTravelBothWays() {
        TestProbe<Greeting> probe = TestProbe.create(Greeting.class, older.system());
        as(older, newer, answering("evolving")).tell(new Greeting("hello", probe.getRef()));
        assertEquals("hello", probe.receiveMessage(Duration.ofSeconds(10)).text());
    }

    @Test
    void statesWithMoreAndWithFewerComponentsAreClaimedBothWays() {
        get(older.sessions().save(new Holder("up", older.memberId()), 1, new State("alice", 1)));
        assertEquals(
                "alice",
                ((RicherState) get(newer.sessions().claim("up")).orElseThrow().state()).user());
        get(newer.sessions().save(new Holder("up", newer.memberId()), 2, new RicherState("bob", 2, "now")));
        assertEquals(
                new State("bob", 2),
                get(older.sessions().claim("up")).orElseThrow().state());
    }

    @Test
    void bytesThatCannotBeReadFailOnlyTheirMessage() {
        TestProbe<Greeting> probe = TestProbe.create(Greeting.class, older.system());
        ActorRef<Wire> remote = as(older, newer, answering("robust"));
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            byte[] junk = new byte[1 + random.nextInt(200)];
            random.nextBytes(junk);
            remote.tell(new Bytes(junk));
            remote.tell(new Unknown("of one release only"));
            remote.tell(new Greeting("number " + i, probe.getRef()));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(
                    "number " + i, probe.receiveMessage(Duration.ofSeconds(10)).text());
        }
    }
}
