package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two members, of which the oldest one has the coordinator of shards. */
@Timeout(120)
class ShardPlacesTest {
    private static final EntityTypeKey<String> KEY = EntityTypeKey.create(String.class, "session");
    private static final String WORKER = "worker";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ActorTestKit> kits = new ArrayList<>();
    private final ActorTestKit oldest = kit(WORKER);

    private ActorTestKit kit(String role) {
        ActorTestKit kit = ActorTestKit.create("places", ConfigFactory.parseString("""
                        pekko.actor.provider = cluster
                        pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                        pekko.cluster.sharding.passivation.strategy = none
                        pekko.cluster.roles = [%s]
                        """.formatted(role)));
        kits.add(kit);
        return kit;
    }

    @AfterEach
    void stop() {
        kits.forEach(ActorTestKit::shutdownTestKit);
    }

    private void join(ActorTestKit member, int count) {
        Cluster cluster = Cluster.get(member.system());
        cluster.manager()
                .tell(new Join(Cluster.get(oldest.system()).selfMember().address()));
        eventually(() -> assertEquals(count, cluster.state().members().size()));
    }

    private void eventually(Runnable check) {
        oldest.createTestProbe().awaitAssert(PATIENCE, () -> {
            check.run();
            return true;
        });
    }

    private static ActorRef<?> startRegion(ActorTestKit member) {
        return ClusterSharding.get(member.system())
                .init(Entity.of(KEY, entity -> Behaviors.<String>empty()).withRole(WORKER));
    }

    @ParameterizedTest(name = "a member with the role {0} is not ready before the coordinator on another one answers")
    @ValueSource(strings = {WORKER, "edge"})
    void waitsForTheCoordinator(String role) {
        ActorTestKit second = kit(role);
        join(oldest, 1);
        join(second, 2);
        ShardPlaces places = ShardPlaces.ask(second.system(), startRegion(second));
        assertEquals(List.of("the coordinator of sessions does not answer yet"), places.problems());

        startRegion(oldest);
        eventually(() -> assertEquals(List.of(), places.problems()));
    }

    @Test
    @DisplayName("a member on its own waits for nobody")
    void alone() {
        join(oldest, 1);

        assertEquals(
                List.of(), ShardPlaces.ask(oldest.system(), startRegion(oldest)).problems());
    }
}
