package flotilla.cluster.forming;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import flotilla.cluster.ActorThreads;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.FailureDetection;
import flotilla.cluster.protection.NodeTls;
import flotilla.cluster.wire.PekkoKryoSerializer;
import flotilla.cluster.wire.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.dispatch.ExecutionContexts;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.remote.RemoteTransportException;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/**
 * Starts actor systems and makes them members.
 *
 * @param settings the node's settings
 * @param hazelcastPort port of this node's Hazelcast
 * @param hazelcastVersion version that all members must have
 * @param keyIds ids of the cluster's keys
 * @param codec encodes the messages between nodes
 * @param tls TLS between nodes
 * @param threads run the actors
 */
public record PekkoSystem(
        ClusterSettings settings,
        int hazelcastPort,
        String hazelcastVersion,
        List<String> keyIds,
        WireCodec codec,
        NodeTls tls,
        ActorThreads threads) {
    private static final String NAME = "flotilla";
    private static final String LAST_STARTED = "/system/clusterReceptionist/replicator";
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final int START_ATTEMPTS = 15;

    /**
     * Makes an actor system that is not a member yet. Blocks.
     *
     * @param patience time for which Pekko waits for answers of first nodes before it forms a cluster or asks again
     * @throws IllegalStateException when the port between nodes cannot be used
     */
    public ActorSystem<SpawnProtocol.Command> create(Duration patience) {
        BootstrapSetup bootstrap = BootstrapSetup.create(config(patience))
                .withDefaultExecutionContext(ExecutionContexts.fromExecutor(threads));
        ActorSystemSetup setup = ActorSystemSetup.create(
                bootstrap, PekkoKryoSerializer.setup(codec), SSLEngineProviderSetup.create(system -> tls));
        try {
            ActorSystem<SpawnProtocol.Command> system = ActorSystem.create(SpawnProtocol.create(), NAME, setup);
            LastConnections.closeAtTheEndOf(system);
            return system;
        } catch (RemoteTransportException e) {
            throw new IllegalStateException(
                    "the port between nodes, " + host() + ":"
                            + settings.network().remotingPort() + " (flotilla.cluster.bind and port), cannot be used: "
                            + reason(e),
                    e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            deepest = cause;
        }
        return String.valueOf(deepest.getMessage())
                .replaceFirst("^\\[[^]]*] ", ""); // the address, which the message contains already
    }

    /** Waits for the last actor that a system starts by itself. Blocks for some seconds at most. */
    static void awaitStart(ActorSystem<?> system) {
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            boolean started = Patterns.ask(
                            Adapter.toClassic(system).actorSelection(LAST_STARTED), new Identify(LAST_STARTED), ANSWER)
                    .handle((answer, none) -> answer instanceof ActorIdentity identity
                            && identity.getActorRef().isPresent())
                    .toCompletableFuture()
                    .completeOnTimeout(false, 2 * ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (started) {
                return;
            }
            LockSupport.parkNanos(ANSWER.toNanos() / 5);
        }
    }

    /** Completes when this member is up. */
    static CompletableFuture<Void> up(ActorSystem<?> system) {
        CompletableFuture<Void> up = new CompletableFuture<>();
        org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system)).registerOnMemberUp(() -> up.complete(null));
        return up;
    }

    /**
     * Joins these nodes, or this node itself when there are none. When this node is the first of them, Pekko may form a
     * cluster here.
     */
    static void join(ActorSystem<?> system, List<Endpoint> nodes) {
        Cluster cluster = Cluster.get(system);
        if (nodes.isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            List<Address> addresses = new ArrayList<>();
            nodes.forEach(node -> addresses.add(AddressFromURIString.parse("pekko://" + NAME + '@' + node)));
            cluster.manager().tell(new JoinSeedNodes(addresses));
        }
    }

    /** Whether a system has begun to end. */
    static boolean isEnding(ActorSystem<?> system) {
        return CoordinatedShutdown.get(system).getShutdownReason().isPresent()
                || system.getWhenTerminated().toCompletableFuture().isDone();
    }

    /** The reason why the cluster has refused a system that ends. */
    static String refusal(ActorSystem<?> system) {
        return CoordinatedShutdown.get(system)
                .getShutdownReason()
                .filter(reason -> reason.equals(CoordinatedShutdown.incompatibleConfigurationDetectedReason()))
                .map(
                        reason ->
                                "another flotilla.cluster.key-file, another flotilla.cluster.partitions or another version of Hazelcast; the log of a node that is in the cluster says which of them")
                .orElse("the actor system ended");
    }

    private Config config(Duration patience) {
        List<String> roles = new ArrayList<>(settings.self().roles());
        roles.add(PekkoMembership.PORT_ROLE + hazelcastPort);
        roles.add(PekkoMembership.NAME_ROLE + settings.self().name());
        Map<String, Object> own = new HashMap<>();
        own.put("pekko.remote.artery.transport", "tls-tcp");
        own.put("pekko.remote.artery.canonical.hostname", host());
        own.put("pekko.remote.artery.canonical.port", settings.network().remotingPort());
        own.put("pekko.cluster.roles", roles);
        own.put("pekko.cluster.app-version", settings.self().appVersion());
        own.put("pekko.cluster.seed-node-timeout", patience.toMillis() + "ms");
        own.put(SameKeys.KEY_IDS, keyIds);
        own.put(SameKeys.HAZELCAST, hazelcastVersion);
        own.put(SameKeys.PARTITIONS, settings.shared().partitions());
        ClassLoader loader = PekkoSystem.class.getClassLoader();
        Config detection = settings.network().failureDetection() == FailureDetection.FAST
                ? ConfigFactory.parseResources(loader, "flotilla-cluster-fast.conf")
                : ConfigFactory.empty();
        return ConfigFactory.parseMap(own)
                .withFallback(detection)
                .withFallback(ConfigFactory.parseResources(loader, "flotilla-cluster.conf"))
                .withFallback(ConfigFactory.defaultReference(loader))
                .resolve();
    }

    /** The bind address; an IPv6 address is in brackets, as in a URI. */
    private String host() {
        return settings.network().bind().indexOf(':') < 0
                ? settings.network().bind()
                : '[' + settings.network().bind() + ']';
    }
}
