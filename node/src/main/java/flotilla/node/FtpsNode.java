package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordVerifier;
import flotilla.cluster.placement.LocalAllocation;
import flotilla.cluster.placement.SessionExtractor;
import flotilla.cluster.placement.SessionPlacement;
import flotilla.node.auth.LoginFlow;
import flotilla.node.control.ControlListener;
import flotilla.node.control.EventLoops;
import flotilla.node.data.ActiveConnector;
import flotilla.node.data.DataConnections;
import flotilla.node.data.DataPlane;
import flotilla.node.data.PassiveListeners;
import flotilla.node.event.EventCounters;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.Drainable;
import flotilla.node.overview.LiveSessions;
import flotilla.node.overview.NodeOverview;
import flotilla.node.session.Session;
import flotilla.node.session.SessionEnvironment;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.Tls;
import flotilla.node.tls.TlsEngines;
import flotilla.node.tree.LocalBackends;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** One FTPS node on top of a cluster membership: sessions, control listeners, passive pool, data plane. */
public final class FtpsNode implements AutoCloseable, Drainable {
    private static final EntityTypeKey<SessionMessage> SESSION = EntityTypeKey.create(SessionMessage.class, "session");

    private static final long CONNECTING_IDLE_SECONDS = 5;

    private final ClusterNode cluster;
    private final ScheduledExecutorService scheduler;
    private final ThreadPoolExecutor blocking;
    private final ThreadPoolExecutor digests;
    private final EventCounters counters;
    private final NodeSettings settings;
    private final ThreadPoolExecutor connecting;
    private final TlsEngines tls;
    private final LocalBackends backends;
    private final DataPlane dataPlane;
    private final PasswordVerifier passwords;
    private final ControlListener control;
    private final PassiveListeners passive;
    private final LiveSessions live = new LiveSessions();
    private final Instant upSince = Instant.now();
    private volatile boolean draining;

    private FtpsNode(NodeSettings settings, ClusterNode cluster, EventLoops loops, EventSink sink)
            throws CertificateProblem, IOException {
        this.settings = settings;
        this.cluster = cluster;
        EventCounters events = new EventCounters(sink);
        this.counters = events;
        this.scheduler = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "flotilla-timers"));
        this.blocking = blockingThreads(settings);
        this.digests = digestThreads(settings, events);
        this.connecting = connectingThreads(settings);
        this.tls = Tls.engines(settings.tls(), cluster.ticketKeys());
        this.backends = new LocalBackends(settings.storageRoot(), settings.storage(), blocking);
        this.passwords = new PasswordVerifier(new PasswordVerifier.Settings(
                settings.passwords().threads(),
                settings.passwords().queue(),
                settings.passwords().remembered(),
                settings.passwords().rememberedFor(),
                Argon2Parameters.DEFAULT));
        LoginFlow logins = new LoginFlow(cluster, passwords, backends, blocking, settings.login());
        SessionEnvironment environment = new SessionEnvironment(
                settings.session(),
                cluster,
                logins,
                backends,
                new NodeServices(cluster, blocking, digests),
                tls,
                events,
                live);
        ActorRef<ShardingEnvelope<SessionMessage>> region = startSharding(environment);
        this.dataPlane = new DataPlane(settings.data(), tls, backends, cluster.quotas(), loops, events, scheduler);
        DataConnections connections = new DataConnections(
                dataPlane, cluster.system(), (id, message) -> region.tell(new ShardingEnvelope<>(id, message)));
        ActiveConnector active = new ActiveConnector(settings.data(), connections, connecting);
        SessionPlacement placement = SessionPlacement.of(cluster.system());
        this.control = new ControlListener(
                settings.control(),
                new ControlListener.Collaborators(
                        loops,
                        tls,
                        cluster,
                        (id, message) -> region.tell(new ShardingEnvelope<>(id, message)),
                        (link, order, session) -> active.connect(
                                link.local(),
                                new InetSocketAddress(order.address(), order.port()),
                                link.sessionId(),
                                reason -> session.accept(new SessionMessage.DataFailed(reason))),
                        events,
                        placement::newSessionId),
                scheduler);
        this.passive =
                PassiveListeners.open(settings.data(), cluster.passivePool(), connections, events, scheduler, blocking);
        this.scheduler.scheduleWithFixedDelay(() -> backends.sweep(settings.partsAge()), 1, 60, TimeUnit.MINUTES);
        cluster.system()
                .tell(new SpawnProtocol.Spawn<>(
                        NodeOverview.create(
                                cluster.name(), new NodeReport(this), this, live, dataPlane.live(), blocking),
                        NodeOverview.NAME,
                        Props.empty(),
                        cluster.system().ignoreRef()));
        control.open();
    }

    /**
     * Starts a node; when this returns, every listener accepts.
     *
     * @param loops the threads that the cluster's actors run on, closed by the caller after the cluster was left
     * @throws CertificateProblem when a certificate or key cannot be used
     * @throws IOException when a port is taken
     */
    public static FtpsNode start(NodeSettings settings, ClusterNode cluster, EventLoops loops, EventSink events)
            throws CertificateProblem, IOException {
        return new FtpsNode(settings, cluster, loops, events);
    }

    private ActorRef<ShardingEnvelope<SessionMessage>> startSharding(SessionEnvironment environment) {
        return ClusterSharding.get(cluster.system())
                .init(Entity.of(SESSION, entity -> Session.create(environment, entity.getEntityId()))
                        .withMessageExtractor(new SessionExtractor<>())
                        .withAllocationStrategy(new LocalAllocation())
                        .withStopMessage(Session.HandOff.INSTANCE));
    }

    private static ThreadPoolExecutor blockingThreads(NodeSettings settings) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                settings.blockingThreads(),
                settings.blockingThreads(),
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.blockingQueue()),
                task -> daemon(task, "flotilla-blocking"));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** None waits: a client may ask again, a queue of large files would only grow old. */
    private static ThreadPoolExecutor digestThreads(NodeSettings settings, EventSink events) {
        return new ThreadPoolExecutor(
                0,
                settings.digests(),
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "flotilla-digest"),
                (task, executor) -> {
                    events.accept(new NodeEvent.Limited("", NodeEvent.Limit.DIGESTS));
                    throw new RejectedExecutionException("as many digests as may run");
                });
    }

    /** Apart from the others: whom the server connects to decides how long that takes. */
    private static ThreadPoolExecutor connectingThreads(NodeSettings settings) {
        return new ThreadPoolExecutor(
                0,
                settings.data().maxTransfers(),
                CONNECTING_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "flotilla-connecting"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Where control connections are accepted. */
    public List<InetSocketAddress> addresses() {
        return control.addresses();
    }

    /** Control connections on this node. */
    public int connections() {
        return control.connections();
    }

    /** Transfers on this node. */
    public int transfers() {
        return dataPlane.running();
    }

    /** Digests of files computed on this node now. */
    public int digests() {
        return digests.getActiveCount();
    }

    /** What was refused or cut short since the start, by reason. */
    public Map<String, Long> counts() {
        return counters.counts();
    }

    /** The live sessions of this node. */
    public LiveSessions live() {
        return live;
    }

    /** When this node was started. */
    public Instant upSince() {
        return upSince;
    }

    @Override
    public void drain() {
        draining = true;
        control.refuse(true);
    }

    @Override
    public void undrain() {
        draining = false;
        control.refuse(false);
    }

    @Override
    public boolean isDraining() {
        return draining;
    }

    /** Why a balancer should send no new connections here; empty when it should. */
    public List<String> unready() {
        List<String> reasons = new ArrayList<>();
        if (draining) {
            reasons.add("draining");
        }
        if (!cluster.isAgreed()) {
            reasons.add("the members of the cluster are not agreed");
        }
        return reasons;
    }

    public ClusterNode cluster() {
        return cluster;
    }

    /** Reads the certificates again. @throws CertificateProblem and keeps the old ones */
    public void reloadCertificates() throws CertificateProblem {
        tls.reload();
    }

    /** For the log at start. */
    public String tlsDescription() {
        return tls.description();
    }

    /** Lets running transfers end, for as long as configured, closes the listeners and what they accepted; the cluster membership stays. */
    @Override
    public void close() {
        draining = true;
        control.drain(settings.drain().transfers());
        passive.close();
        control.close();
        dataPlane.close();
        passwords.close();
        blocking.shutdown();
        digests.shutdown();
        connecting.shutdownNow();
        scheduler.shutdownNow();
        backends.close();
        tls.close();
    }
}
