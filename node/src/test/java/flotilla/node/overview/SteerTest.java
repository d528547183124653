package flotilla.node.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import flotilla.node.overview.ClusterOverview.Outcome;
import flotilla.node.overview.OverviewMessage.LeaseView;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.SlotsView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster of one node that is taken out of service and returned to service. */
@Timeout(60)
class SteerTest {
    private final ActorSystem<SpawnProtocol.Command> system = ActorSystem.create(
            SpawnProtocol.create(),
            "steer",
            ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF, actor.provider = cluster,"
                            + " remote.artery { transport = tcp, canonical { hostname = 127.0.0.1, port = 0 } } }")
                    .withFallback(ConfigFactory.load()));
    private final Service service = new Service();
    private final ClusterOverview overview = new ClusterOverview(new Members(system, Duration.ofSeconds(20)));

    private static final class Service implements Drainable {
        private volatile boolean draining;
        private volatile boolean portTaken;
        private volatile AfterDrain after = AfterDrain.END;

        @Override
        public void drain(AfterDrain then) {
            draining = true;
            after = then;
        }

        @Override
        public void undrain() {
            if (portTaken) {
                throw new IllegalStateException("cannot listen on port 40000");
            }
            draining = false;
        }

        @Override
        public boolean isDraining() {
            return draining;
        }
    }

    private static final class NoConfiguration implements NodeConfiguration {
        @Override
        public OverviewMessage.ConfigurationView view() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> refusalToUnset(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> refusal(String key, String value, String by) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class NoFacts implements NodeFacts {
        @Override
        public NodeView view() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<LeaseView> leases(int limit) {
            return List.of();
        }

        @Override
        public List<SlotsView> slots() {
            return List.of();
        }

        @Override
        public int leased() {
            return 0;
        }
    }

    @BeforeEach
    void formCluster() throws InterruptedException {
        CountDownLatch up = new CountDownLatch(1);
        org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system)).registerOnMemberUp(up::countDown);
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(new Join(cluster.selfMember().address()));
        system.tell(new SpawnProtocol.Spawn<>(
                NodeOverview.create(
                        "node-1",
                        address -> address,
                        new NoFacts(),
                        new NoConfiguration(),
                        service,
                        new LiveSessions(),
                        new LiveTransfers(),
                        Runnable::run),
                NodeOverview.NAME,
                Props.empty(),
                system.ignoreRef()));
        assertTrue(up.await(30, TimeUnit.SECONDS));
    }

    @AfterEach
    void close() {
        ActorTestKit.shutdown(system);
    }

    private Outcome steer(boolean drain) throws Exception {
        return (drain ? overview.drain("node-1", AfterDrain.STAY) : overview.undrain("node-1"))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void aNodeThatCannotTakeWorkAgainSaysWhy() throws Exception {
        assertEquals(new Outcome("node-1", Optional.empty(), List.of()), steer(true));
        assertEquals(AfterDrain.STAY, service.after);
        service.portTaken = true;
        assertEquals(new Outcome("", Optional.of("cannot listen on port 40000"), List.of()), steer(false));
        service.portTaken = false;
        assertEquals(new Outcome("node-1", Optional.empty(), List.of()), steer(false));
        assertFalse(service.isDraining());
    }
}
