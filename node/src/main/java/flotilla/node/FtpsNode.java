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
import flotilla.node.data.DataSettings;
import flotilla.node.data.PassiveListeners;
import flotilla.node.data.SharedState;
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
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/** One FTPS node on top of a cluster membership: sessions, control listeners, passive pool, data plane. */
public final class FtpsNode implements AutoCloseable, Drainable {
    private static final EntityTypeKey<SessionMessage> SESSION = EntityTypeKey.create(SessionMessage.class, "session");

    private static final String WORKER = "worker";
    private static final String EDGE = "edge";

    /** How often the other nodes are told what has changed here. */
    private static final long POST_SECONDS = 1;

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
    private final DataConnections connections;
    private final Drain drain;
    private volatile @Nullable PassiveListeners passive;
    private final LiveSessions live = new LiveSessions();
    private final Instant upSince = Instant.now();
    private volatile Supplier<List<String>> judgement = List::of;
    private volatile boolean opened;

    private FtpsNode(NodeSettings settings, ClusterNode cluster, EventLoops loops, EventSink sink)
            throws CertificateProblem {
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
        this.dataPlane =
                new DataPlane(settings.data(), tls, backends, SharedState.of(cluster), loops, events, scheduler);
        this.connections = new DataConnections(
                dataPlane, cluster.system(), (id, message) -> region.tell(new ShardingEnvelope<>(id, message)));
        ActiveConnector active = new ActiveConnector(settings.data(), connections, connecting);
        SessionPlacement placement = placement();
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
        this.scheduler.scheduleWithFixedDelay(() -> backends.sweep(settings.partsAge()), 1, 60, TimeUnit.MINUTES);
        cluster.system()
                .tell(new SpawnProtocol.Spawn<>(
                        NodeOverview.create(
                                cluster.name(), new NodeReport(this), this, live, dataPlane.live(), blocking),
                        NodeOverview.NAME,
                        Props.empty(),
                        cluster.system().ignoreRef()));
        cluster.system()
                .tell(new SpawnProtocol.Spawn<>(
                        LostNodes.tell(control::nodeLost),
                        "lost-nodes",
                        Props.empty(),
                        cluster.system().ignoreRef()));
        this.scheduler.scheduleWithFixedDelay(this::post, POST_SECONDS, POST_SECONDS, TimeUnit.SECONDS);
        this.drain = new Drain(settings.drain(), scheduler, control, this::transfers, new Doors());
    }

    private PassiveListeners openPassive() throws IOException {
        DataSettings data =
                cluster.hasRole(EDGE) ? settings.data() : settings.data().withoutPorts();
        return PassiveListeners.open(data, cluster.passivePool(), connections, counters, scheduler, blocking);
    }

    private void closePassive() {
        PassiveListeners opened = passive;
        if (opened != null) {
            opened.close();
        }
    }

    private void post() {
        cluster.board().post(drain.isOn() || passive == null, live.count());
    }

    private final class Doors implements Drain.Doors {
        @Override
        public boolean areElsewhere() {
            return cluster.board().nodes().size() > 1;
        }

        @Override
        public void close() {
            closePassive();
        }

        @Override
        public void reopen() {
            try {
                closePassive();
                passive = openPassive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void post() {
            FtpsNode.this.post();
        }
    }

    /**
     * Starts a node that may hold sessions of others; it accepts no connection before {@link #open}.
     *
     * @param loops the threads that the cluster's actors run on, closed by the caller after the cluster was left
     * @throws CertificateProblem when a certificate or key cannot be used
     */
    public static FtpsNode start(NodeSettings settings, ClusterNode cluster, EventLoops loops, EventSink events)
            throws CertificateProblem {
        return new FtpsNode(settings, cluster, loops, events);
    }

    /** Opens the listeners, once; when this returns, every one accepts. @throws IOException when a port is taken */
    public void open() throws IOException {
        passive = openPassive();
        if (cluster.hasRole(EDGE)) {
            control.open();
        }
        opened = true;
        post();
    }

    private ActorRef<ShardingEnvelope<SessionMessage>> startSharding(SessionEnvironment environment) {
        return ClusterSharding.get(cluster.system())
                .init(Entity.of(SESSION, entity -> Session.create(environment, entity.getEntityId()))
                        .withMessageExtractor(new SessionExtractor<>())
                        .withRole(WORKER)
                        .withAllocationStrategy(LocalAllocation.on(cluster.system(), cluster.board()))
                        .withStopMessage(Session.HandOff.INSTANCE));
    }

    private SessionPlacement placement() {
        String own = SessionPlacement.shardsOf(cluster.system());
        return settings.placement() == NodeSettings.Placement.LOCAL && cluster.hasRole(WORKER)
                ? SessionPlacement.local(own)
                : SessionPlacement.spread(cluster.board(), own);
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
        drain.begin();
    }

    @Override
    public void undrain() {
        drain.cancel();
    }

    @Override
    public boolean isDraining() {
        return drain.isOn();
    }

    /** Completes when a drain has ended: nothing but the membership is left of this node. */
    public CompletionStage<Void> drained() {
        return drain.ended();
    }

    /** Why a balancer should send no new connections here; empty when it should. */
    public List<String> unready() {
        List<String> reasons = new ArrayList<>();
        if (drain.isOn()) {
            reasons.add("draining");
        }
        reasons.addAll(judgement.get());
        if (reasons.isEmpty() && !opened) {
            reasons.add("starting");
        }
        return reasons;
    }

    /** Says what {@link #unready} asks besides. */
    public void judgedBy(Readiness readiness) {
        judgement = readiness::reasons;
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

    /** Drains, for as long as configured, and closes everything; the cluster membership stays. */
    @Override
    public void close() {
        drain.begin();
        drain.await();
        closePassive();
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
