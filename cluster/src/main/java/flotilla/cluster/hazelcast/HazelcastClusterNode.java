package flotilla.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import flotilla.cluster.ActorThreads;
import flotilla.cluster.Agreements;
import flotilla.cluster.AlertBoard;
import flotilla.cluster.Bans;
import flotilla.cluster.Circulars;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.Figures;
import flotilla.cluster.Freezes;
import flotilla.cluster.LeaseStore;
import flotilla.cluster.Limits;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.Outbox;
import flotilla.cluster.Overrides;
import flotilla.cluster.PassivePool;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.RateShares;
import flotilla.cluster.Roll;
import flotilla.cluster.SessionDirectory;
import flotilla.cluster.SignIns;
import flotilla.cluster.TicketKeys;
import flotilla.cluster.Traces;
import flotilla.cluster.UploadLocks;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.Vault;
import flotilla.cluster.WriteStop;
import flotilla.cluster.forming.PekkoMembership;
import flotilla.cluster.hazelcast.entry.MemberIds;
import flotilla.cluster.hazelcast.member.MemberAddresses;
import flotilla.cluster.hazelcast.member.MembershipWatch;
import flotilla.cluster.hazelcast.shared.SharedCirculars;
import flotilla.cluster.hazelcast.tls.MemberTls;
import flotilla.cluster.lease.ClusterLeases;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that is a member of Pekko's cluster and of Hazelcast's. */
public final class HazelcastClusterNode implements ClusterNode {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastClusterNode.class);
    private static final long PEKKO_SECONDS = 180;
    private static final long HAZELCAST_SECONDS = 20;

    private final String name;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final HazelcastInstance hazelcast;
    private final PekkoMembership pekko;
    private final MembershipWatch watch;
    private final Services services;
    private final Resources resources;
    private final MemberTls members;
    private final ClusterLeases leases;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<String> expelled = new CompletableFuture<>();

    HazelcastClusterNode(
            String name,
            ActorSystem<SpawnProtocol.Command> system,
            HazelcastInstance hazelcast,
            MemberAddresses addresses,
            Services services,
            Resources resources,
            MemberTls members,
            ClusterLeases leases) {
        this.name = name;
        this.system = system;
        this.hazelcast = hazelcast;
        this.pekko = addresses.pekko();
        this.services = services;
        this.resources = resources;
        this.members = members;
        this.leases = leases;
        this.watch = new MembershipWatch(addresses, hazelcast, this::expelled);
        watch.start(resources.ticker());
        resources.ticker().every(MembershipWatch.PERIOD_MILLIS, this::lookAfterHazelcast);
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "flotilla-expelled", this::shuttingDown);
        system.getWhenTerminated().thenRun(() -> expelled("the actor system ended"));
    }

    /**
     * Forms or joins a cluster. When the stage completes, the node is a member of both, and its services work. The
     * stage fails with a {@link flotilla.cluster.JoinException} when the node cannot join in time, and otherwise with
     * the cause: a database that cannot be opened, a port that is in use, a key file that cannot be read.
     *
     * @param threads run the actors and complete the stages of the services, each on the thread that asked
     * @param shared places besides the database that no other cluster may use
     */
    public static CompletionStage<ClusterNode> start(
            ClusterSettings settings, ActorThreads threads, List<LeaseStore> shared) {
        CompletableFuture<ClusterNode> started = new CompletableFuture<>();
        background("flotilla-cluster-start", () -> {
            try {
                started.complete(ClusterStart.run(settings, threads, shared));
            } catch (Exception | Error e) {
                started.completeExceptionally(reason(e));
            }
        });
        return started;
    }

    private static Throwable reason(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapped && cause != null ? reason(cause) : failure;
    }

    @Override
    public List<String> disagreements() {
        return watch.problems();
    }

    @Override
    public CompletionStage<String> expelled() {
        return expelled.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> leave() {
        if (stopping.compareAndSet(false, true)) {
            background("flotilla-cluster-leave", () -> stop(true));
        }
        return stopped.minimalCompletionStage();
    }

    /**
     * Hazelcast stops by itself when memory runs out. Without this look the process would go on without shared state.
     */
    private void lookAfterHazelcast() {
        if (!hazelcast.getLifecycleService().isRunning()) {
            expelled("its Hazelcast has stopped");
        }
    }

    /**
     * The other members go on without this node. It must not hand anything over to them, and must write nothing more.
     */
    private void expelled(String reason) {
        if (stopping.compareAndSet(false, true)) {
            services.pulse().end();
            LOG.error("this node was removed from the cluster: {}", reason);
            expelled.complete(reason);
            background("flotilla-cluster-leave", () -> stop(false));
        }
    }

    /**
     * Pekko shuts down without a call of {@link #leave}. This is a task of its first phase, since later phases may take
     * long.
     */
    private CompletionStage<Done> shuttingDown() {
        expelled(CoordinatedShutdown.get(system)
                .getShutdownReason()
                .map(reason -> reason.getClass().getSimpleName().replaceAll("Reason|\\$", ""))
                .orElse("the actor system ended"));
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    private void stop(boolean orderly) {
        try {
            if (orderly) {
                within(PEKKO_SECONDS, leavePekko());
                within(HAZELCAST_SECONDS, inBackground(services.lastWrites()));
                within(HAZELCAST_SECONDS, inBackground(services.roll()::leave));
                within(HAZELCAST_SECONDS, inBackground(hazelcast::shutdown));
                within(HAZELCAST_SECONDS, inBackground(leases::giveBack));
            }
            leases.close();
            hazelcast.getLifecycleService().terminate();
            members.close();
            if (!orderly) {
                stopped.complete(null); // the database may be cut off, too, and its driver would wait for it
            }
            resources.close();
            stopped.complete(null);
        } catch (RuntimeException | Error e) {
            stopped.completeExceptionally(e);
        }
    }

    private CompletableFuture<?> leavePekko() {
        return CoordinatedShutdown.get(system)
                .runAll(CoordinatedShutdown.clusterLeavingReason())
                .toCompletableFuture();
    }

    private static void within(long seconds, CompletableFuture<?> step) {
        step.completeOnTimeout(null, seconds, TimeUnit.SECONDS)
                .handle((done, failure) -> {
                    if (failure != null) {
                        LOG.warn("leaving the cluster: {}", failure.toString());
                    }
                    return done;
                })
                .join();
    }

    private static CompletableFuture<?> inBackground(Runnable work) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        background("flotilla-hazelcast-shutdown", () -> {
            try {
                work.run();
                done.complete(true);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private static void background(String threadName, Runnable work) {
        Thread thread = new Thread(work, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public UUID memberId() {
        return MemberIds.of(hazelcast.getCluster().getLocalMember());
    }

    @Override
    public ActorSystem<SpawnProtocol.Command> system() {
        return system;
    }

    @Override
    public UserDirectory users() {
        return services.users();
    }

    @Override
    public Limits limits() {
        return services.limits();
    }

    @Override
    public Roll roll() {
        return services.roll();
    }

    @Override
    public Overrides overrides() {
        return services.overrides();
    }

    @Override
    public WriteStop writeStop() {
        return services.writeStop();
    }

    @Override
    public Traces traces() {
        return services.traces();
    }

    @Override
    public Freezes freezes() {
        return services.freezes();
    }

    @Override
    public Figures figures() {
        return services.figures();
    }

    @Override
    public Bans bans() {
        return services.bans();
    }

    @Override
    public PassivePool passivePool() {
        return services.passivePool();
    }

    @Override
    public SessionDirectory sessions() {
        return services.sessions();
    }

    @Override
    public TicketKeys ticketKeys() {
        return services.ticketKeys();
    }

    @Override
    public UploadLocks uploadLocks() {
        return services.uploadLocks();
    }

    @Override
    public RateShares rates() {
        return services.rates();
    }

    @Override
    public NodeBoard board() {
        return services.board();
    }

    @Override
    public boolean hasRole(String role) {
        return pekko.hasRole(role);
    }

    @Override
    public boolean mayWrite() {
        return services.pulse().mayWrite() && !watch.isOutside();
    }

    @Override
    public Optional<String> anotherClusterOn(LeaseStore place) {
        return leases.another(place);
    }

    @Override
    public long operations() {
        return services.operations().sum();
    }

    @Override
    public Outbox outbox() {
        return services.outbox();
    }

    @Override
    public QuotaLedger quotas() {
        return services.quotas();
    }

    @Override
    public Agreements agreements() {
        return services.agreements();
    }

    @Override
    public AlertBoard alerts() {
        return services.alerts();
    }

    @Override
    public SignIns signIns() {
        return services.signIns();
    }

    @Override
    public Circulars circulars() {
        return new SharedCirculars(hazelcast);
    }

    @Override
    public Vault vault() {
        return services.vault();
    }
}
