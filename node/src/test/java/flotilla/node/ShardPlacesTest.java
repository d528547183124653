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
import org.junit.jupiter.api.Test;

class ShardPlacesTest {
    private static final EntityTypeKey<String> KEY = EntityTypeKey.create(String.class, "session");

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("""
                    pekko.actor.provider = cluster
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    pekko.cluster.sharding.passivation.strategy = none
                    """));

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void placesAreGivenOnceTheCoordinatorAnswers() {
        ClusterSharding.get(kit.system()).init(Entity.of(KEY, entity -> Behaviors.empty()));
        ShardPlaces places = ShardPlaces.ask(kit.system(), KEY);
        TestProbe<String> probe = kit.createTestProbe();

        assertEquals(List.of("the coordinator of sessions does not answer yet"), places.problems());

        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(new Join(cluster.selfMember().address()));

        probe.awaitAssert(Duration.ofSeconds(30), () -> {
            assertEquals(List.of(), places.problems());
            return true;
        });
    }
}
