package flotilla.cluster.forming;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.hazelcast.TestNodes;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.apache.pekko.remote.artery.ArteryTransport;
import org.apache.pekko.remote.artery.Association;
import org.apache.pekko.stream.SharedKillSwitch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.immutable.Map;
import scala.jdk.javaapi.CollectionConverters;

/** Ends an actor system whose connections Pekko leaves open. */
class LastConnectionsTest {
    private static final Object CONTROL_STREAM = 0;

    @Test
    void aStreamThatCompletesBeforeItFailsDoesNotKeepANodeFromEnding(@TempDir Path directory) throws Exception {
        ClusterNode one = TestNodes.start("one", directory, List.of(), Duration.ofHours(1));
        ClusterNode two = TestNodes.start("two", directory, List.of(TestNodes.seed(one)), Duration.ofHours(1));
        try {
            eventually(() -> one.isAgreed() && two.isAgreed());
            complete(two.system(), Cluster.get(one.system()).selfMember().address());
            two.system().terminate();
            assertTrue(get(two.system().getWhenTerminated()) != null);
            assertFalse(one.system().getWhenTerminated().toCompletableFuture().isDone());
        } finally {
            get(two.leave());
            get(one.leave());
        }
    }

    /**
     * Completes the stream of control messages to {@code peer}. The end of the inbound streams does the same when it
     * comes at the wrong moment.
     */
    private static void complete(ActorSystem<?> system, Address peer) throws Exception {
        ExtendedActorSystem extended = (ExtendedActorSystem) Adapter.toClassic(system);
        ArteryTransport transport = (ArteryTransport) ((RemoteActorRefProvider) extended.provider()).transport();
        Field streams = Association.class.getDeclaredField("streamMatValues");
        streams.setAccessible(true);
        Map<?, ?> values = (Map<?, ?>) ((AtomicReference<?>) streams.get(transport.association(peer))).get();
        Object control = CollectionConverters.asJava(values).get(CONTROL_STREAM);
        SharedKillSwitch stream = (SharedKillSwitch)
                control.getClass().getMethod("streamKillSwitch").invoke(control);
        stream.shutdown();
    }
}
