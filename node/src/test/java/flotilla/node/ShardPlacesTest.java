package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
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

/** Two members, of which the oldest one has the coordinator of shards. */
@Timeout(120)
class ShardPlacesTest {
    private static final EntityTypeKey<String> KEY = EntityTypeKey.create(String.class, "session");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ActorTestKit oldest = kit();
    private final ActorTestKit second = kit();
    private final TestProbe<String> probe = second.createTestProbe();

    private static ActorTestKit kit() {
        return ActorTestKit.create("places", ConfigFactory.parseString("""
                        pekko.actor.provider = cluster
                        pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                        pekko.cluster.sharding.passivation.strategy = none
                        """));
    }

    @AfterEach
    void stop() {
        second.shutdownTestKit();
        oldest.shutdownTestKit();
    }

    private void join(ActorTestKit member, int count) {
        Cluster cluster = Cluster.get(member.system());
        cluster.manager()
                .tell(new Join(Cluster.get(oldest.system()).selfMember().address()));
        probe.awaitAssert(PATIENCE, () -> {
            assertEquals(count, cluster.state().members().size());
            return true;
        });
    }

    private static void startRegion(ActorTestKit member) {
        ClusterSharding.get(member.system()).init(Entity.of(KEY, entity -> Behaviors.empty()));
    }

    @Test
    @DisplayName("a member of two is not ready before the coordinator on the other one answers")
    void waitsForTheCoordinator() {
        join(oldest, 1);
        join(second, 2);
        startRegion(second);
        ShardPlaces places = ShardPlaces.ask(second.system(), KEY);
        assertEquals(List.of("the coordinator of sessions does not answer yet"), places.problems());

        startRegion(oldest);
        probe.awaitAssert(PATIENCE, () -> {
            assertEquals(List.of(), places.problems());
            return true;
        });
    }

    @Test
    @DisplayName("a member on its own waits for nobody")
    void alone() {
        join(oldest, 1);
        startRegion(oldest);

        assertEquals(List.of(), ShardPlaces.ask(oldest.system(), KEY).problems());
    }
}
