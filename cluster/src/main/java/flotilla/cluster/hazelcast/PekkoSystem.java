package flotilla.cluster.hazelcast;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import flotilla.cluster.ActorThreads;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.wire.PekkoKryoSerializer;
import flotilla.cluster.wire.WireCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.dispatch.ExecutionContexts;

/** Starts the actor system and makes it a member. */
final class PekkoSystem {
    private static final String NAME = "flotilla";

    private PekkoSystem() {}

    /** An actor system that is not a member yet. */
    static ActorSystem<SpawnProtocol.Command> create(
            ClusterSettings settings,
            int hazelcastPort,
            String hazelcastVersion,
            WireCodec codec,
            ActorThreads threads) {
        BootstrapSetup bootstrap = BootstrapSetup.create(config(settings, hazelcastPort, hazelcastVersion))
                .withDefaultExecutionContext(ExecutionContexts.fromExecutor(threads));
        return ActorSystem.create(
                SpawnProtocol.create(), NAME, ActorSystemSetup.create(bootstrap, PekkoKryoSerializer.setup(codec)));
    }

    /** Joins the seeds, or itself when there are none; completes when this member is up. */
    static CompletableFuture<Void> join(ActorSystem<?> system, List<String> seeds) {
        CompletableFuture<Void> up = new CompletableFuture<>();
        org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system)).registerOnMemberUp(() -> up.complete(null));
        Cluster cluster = Cluster.get(system);
        if (seeds.isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            List<Address> addresses = new ArrayList<>();
            seeds.forEach(seed -> addresses.add(AddressFromURIString.parse("pekko://" + NAME + '@' + seed)));
            cluster.manager().tell(new JoinSeedNodes(addresses));
        }
        return up;
    }

    private static Config config(ClusterSettings settings, int hazelcastPort, String hazelcastVersion) {
        List<String> roles = new ArrayList<>(settings.roles());
        roles.add(PekkoMembership.PORT_ROLE + hazelcastPort);
        roles.add(PekkoMembership.VERSION_ROLE + hazelcastVersion);
        Map<String, Object> own = new HashMap<>();
        own.put("pekko.remote.artery.canonical.hostname", settings.bind());
        own.put("pekko.remote.artery.canonical.port", settings.remotingPort());
        own.put("pekko.cluster.roles", roles);
        own.put("pekko.cluster.app-version", settings.appVersion());
        ClassLoader loader = PekkoSystem.class.getClassLoader();
        return ConfigFactory.parseMap(own)
                .withFallback(ConfigFactory.parseResources(loader, "flotilla-cluster.conf"))
                .withFallback(ConfigFactory.defaultReference(loader))
                .resolve();
    }
}
