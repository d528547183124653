package flotilla.cluster.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.BuildInfoProvider;
import flotilla.cluster.ActorThreads;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.JoinException;
import flotilla.cluster.LeaseStore;
import flotilla.cluster.NodeBoard.NodeState;
import flotilla.cluster.accounts.JdbcLease;
import flotilla.cluster.forming.Endpoint;
import flotilla.cluster.forming.JoinQueue;
import flotilla.cluster.forming.PekkoJoin;
import flotilla.cluster.forming.PekkoMembership;
import flotilla.cluster.forming.PekkoSystem;
import flotilla.cluster.forming.StartPatience;
import flotilla.cluster.hazelcast.entry.QuotaBook;
import flotilla.cluster.hazelcast.member.Completions;
import flotilla.cluster.hazelcast.member.MapConfigs;
import flotilla.cluster.hazelcast.member.MemberAddresses;
import flotilla.cluster.hazelcast.member.MemberConfig;
import flotilla.cluster.hazelcast.tls.MemberTls;
import flotilla.cluster.lease.ClusterLeases;
import flotilla.cluster.placement.SessionPlacement;
import flotilla.cluster.protection.ClusterSecrets;
import flotilla.cluster.protection.NodeTls;
import flotilla.cluster.wire.WireCodec;
import flotilla.cluster.wire.WireTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forms or joins the cluster. It opens the database, then joins Pekko, then Hazelcast, then fetches the shared state. A
 * node without seeds starts all three at once, since no other node takes part.
 */
final class ClusterStart {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterStart.class);
    /** Subject of the agreement on the cluster's id. */
    private static final String CLUSTER_ID = "cluster-id";

    private static final long TLS_MILLIS = 5_000;
    private static final int JOIN_ATTEMPTS = 20;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ClusterSettings settings;
    private final ActorThreads threads;
    private final List<LeaseStore> shared;
    private final WireCodec codec;
    private final int hazelcastPort;
    private final String hazelcastVersion = BuildInfoProvider.getBuildInfo().getVersion();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private volatile @Nullable MemberAddresses membership;

    private ClusterStart(ClusterSettings settings, ActorThreads threads, List<LeaseStore> shared) {
        this.settings = settings;
        this.threads = threads;
        this.shared = shared;
        this.codec = new WireCodec(
                WireTypes.of(RecordTable.types(), settings.shared().wireTypes()));
        this.hazelcastPort = settings.network().hazelcastPort() == 0
                ? freePort(settings.network().bind())
                : settings.network().hazelcastPort();
    }

    /**
     * Starts a node; blocks. If a step fails, everything that was started is stopped again.
     *
     * @throws JoinException when the node cannot join in time, or the cluster removes it meanwhile
     */
    static ClusterNode run(ClusterSettings settings, ActorThreads threads, List<LeaseStore> shared) throws Exception {
        Completions.install();
        ClusterStart start = new ClusterStart(settings, threads, shared);
        try {
            return start.startAll();
        } catch (Exception e) {
            MemberAddresses addresses = start.membership;
            boolean removed = addresses != null && addresses.pekko().isRemoved();
            start.undo.forEach(Runnable::run);
            if (removed) {
                throw new JoinException(
                        "the cluster removed this node while it started, because they did not hear each other for long"
                                + " (is it short of CPU?)");
            }
            throw e;
        }
    }

    private ClusterNode startAll() throws Exception {
        StartPatience patience = new StartPatience(
                settings.network().seeds().giveUp(), failure -> failure instanceof HazelcastException);
        ClusterSecrets secrets = ClusterSecrets.of(settings.network().protection());
        NodeTls tls = NodeTls.of(settings.network().protection().tls());
        MemberTls members = new MemberTls(tls, settings.network().protection());
        undo.push(members::close);
        Resources resources = new Resources(settings.database());
        undo.push(resources::close);
        ClusterLeases leases = leases(resources);
        undo.push(leases::close);
        undo.push(leases::giveBack);
        QuotaBook quotas = new QuotaBook(resources::quotas);
        MapConfigs maps = new MapConfigs(settings.database(), settings.shared().maxBans(), quotas);
        Config config = MemberConfig.of(settings, hazelcastPort, codec, secrets, maps, this::others);
        boolean alone = settings.network().seeds().isEmpty();
        CompletableFuture<HazelcastInstance> early = new CompletableFuture<>();
        if (alone) {
            startThread(early, () -> members.start(config));
            undo.push(() -> terminate(early));
        }
        PekkoSystem systems =
                new PekkoSystem(settings, hazelcastPort, hazelcastVersion, secrets.keyIds(), codec, tls, threads);
        Endpoint self = new Endpoint(
                InetAddress.getByName(settings.network().bind()),
                settings.network().remotingPort());
        ActorSystem<SpawnProtocol.Command> system =
                new PekkoJoin(settings.network().seeds(), self, systems::create, resources::database, leases).run();
        undo.push(() -> PekkoJoin.stop(system));
        resources.ticker().every(TLS_MILLIS, tls::refresh);
        PekkoMembership pekko = new PekkoMembership(system);
        MemberAddresses addresses = new MemberAddresses(pekko);
        membership = addresses;
        leases.membersAre(pekko::names);
        resources.database();
        new JoinQueue(system, pekko).await();
        HazelcastInstance hazelcast =
                alone ? early.join() : joinHazelcast(() -> members.start(config), addresses, patience);
        undo.push(hazelcast.getLifecycleService()::terminate);
        Services services = Services.start(
                settings, hazelcast, addresses, self(system), resources, codec, secrets.seal(), threads, patience);
        String proposed = leases.candidate();
        leases.adopt(patience.ask("the cluster's id", () -> services.agreements()
                .propose(CLUSTER_ID, proposed)
                .toCompletableFuture()
                .join()));
        JoinQueue.leave(system);
        return new HazelcastClusterNode(
                settings.self().name(), system, hazelcast, addresses, services, resources, members, leases);
    }

    private ClusterLeases leases(Resources resources) {
        List<LeaseStore> stores = new ArrayList<>();
        if (settings.database().isShared()) {
            stores.add(new JdbcLease(settings.database().jdbcUrl(), resources::database));
        }
        stores.addAll(shared);
        String address = settings.network().bind() + ':' + settings.network().remotingPort();
        return new ClusterLeases(settings.self().name(), address, settings.leases(), stores);
    }

    private NodeState self(ActorSystem<?> system) {
        return new NodeState(
                settings.self().name(),
                Cluster.get(system).selfMember().address().toString(),
                SessionPlacement.shardsOf(system),
                settings.self().roles().contains("worker"),
                false,
                0,
                settings.self().appVersion(),
                Set.of());
    }

    private static void terminate(CompletableFuture<HazelcastInstance> early) {
        CompletableFuture<Void> unused =
                early.thenAccept(instance -> instance.getLifecycleService().terminate());
    }

    private static void startThread(CompletableFuture<HazelcastInstance> future, Supplier<HazelcastInstance> start) {
        Thread thread = new Thread(
                () -> {
                    try {
                        future.complete(start.get());
                    } catch (RuntimeException | Error e) {
                        future.completeExceptionally(e);
                    }
                },
                "flotilla-hazelcast-start");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Restarts Hazelcast until it has found the Hazelcast of the oldest member, so that two of them never run side by
     * side.
     */
    private HazelcastInstance joinHazelcast(
            Supplier<HazelcastInstance> start, MemberAddresses addresses, StartPatience patience) throws JoinException {
        for (int attempt = 1; attempt <= JOIN_ATTEMPTS; attempt++) {
            HazelcastInstance hazelcast = patience.ask("a place in Hazelcast", start);
            Optional<Address> oldest = addresses.oldestOther();
            if (oldest.isEmpty() || isMember(hazelcast, oldest.get())) {
                return hazelcast;
            }
            LOG.info("Hazelcast did not find {}, trying again", oldest.get());
            hazelcast.getLifecycleService().terminate();
            LockSupport.parkNanos(RETRY_NANOS);
        }
        throw new JoinException(
                "Hazelcast cannot reach the one of the cluster's oldest node, " + addresses.oldestOther());
    }

    private static boolean isMember(HazelcastInstance hazelcast, Address address) {
        return hazelcast.getCluster().getMembers().stream()
                .anyMatch(member -> member.getAddress().equals(address));
    }

    private List<Address> others() {
        MemberAddresses addresses = membership;
        return addresses == null ? List.of() : addresses.reachable();
    }

    private static int freePort(String bind) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(bind))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
