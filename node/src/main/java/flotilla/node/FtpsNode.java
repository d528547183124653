package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordVerifier;
import flotilla.node.access.ListProblem;
import flotilla.node.auth.Answers;
import flotilla.node.auth.Authenticator;
import flotilla.node.auth.Authenticators;
import flotilla.node.auth.LoginFlow;
import flotilla.node.command.CommandTable;
import flotilla.node.control.ControlListener;
import flotilla.node.control.EventLoops;
import flotilla.node.data.ActiveConnector;
import flotilla.node.data.Copies;
import flotilla.node.data.DataConnections;
import flotilla.node.data.DataPlane;
import flotilla.node.data.ListingLimits;
import flotilla.node.data.SharedState;
import flotilla.node.data.Traffic;
import flotilla.node.event.EventSink;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.AfterDrain;
import flotilla.node.overview.Drainable;
import flotilla.node.overview.LiveSessions;
import flotilla.node.overview.NodeConfiguration;
import flotilla.node.overview.NodeOverview;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.scan.Scans;
import flotilla.node.session.AnnouncedAddress;
import flotilla.node.session.RareFailures;
import flotilla.node.session.SessionEnvironment;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.ChallengeAnswers;
import flotilla.node.tls.Tls;
import flotilla.node.tls.TlsEngines;
import flotilla.node.tree.HomeBooks;
import flotilla.node.tree.Stores;
import flotilla.storage.ListingMemory;
import flotilla.storage.StoreMeter;
import flotilla.storage.StoreResources;
import flotilla.storage.TransferMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;

/** One FTPS node on top of a cluster membership: sessions, control listeners, passive ports, data plane. */
public final class FtpsNode implements AutoCloseable, Drainable {
    /** The interval at which other nodes are told of changes here. */
    private static final long POST_SECONDS = 1;

    private static final long FIRST_SWEEP_SECONDS = 60;

    private final ClusterNode cluster;
    private final NodeThreads threads;
    private final TlsEngines tls;
    private final Stores backends;
    private final DataPlane dataPlane;
    private final PasswordVerifier passwords;
    private final Authenticators authenticators;
    private final ControlListener control;
    private final PassiveDoors doors;
    private final Drain drain;
    private final AccountWatch accounts;
    private final Recounts recounts;
    private final NodeLists lists;
    private final AnnouncedAddress announced;
    private final SettingsInForce inForce;
    private final Readiness readiness;
    private final NodeRecords records;
    private final LiveSessions live = new LiveSessions();
    private final Tally tally = new Tally();
    private final Instant upSince = Instant.now();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean opened;

    private FtpsNode(
            NodeSettings settings,
            ClusterNode cluster,
            EventLoops loops,
            EventSink told,
            StoreMeter meter,
            Map<String, Authenticator> others,
            Readiness readiness,
            NodeConfiguration configuration)
            throws CertificateProblem {
        this.cluster = cluster;
        this.inForce = new SettingsInForce(settings);
        this.readiness = readiness;
        this.records = NodeRecords.of(settings.view(), cluster, live::count, this::traffic);
        EventSink events = EventSink.both(records.and(told), tally);
        this.threads = new NodeThreads(settings, events);
        this.tls = Tls.engines(settings.tls(), cluster.ticketKeys());
        ListingMemory listings = new ListingMemory(settings.listings().memoryBytes());
        TransferMemory transfers = new TransferMemory(settings.storage().transferMemory());
        this.backends = Stores.open(
                settings.storage().stores(),
                settings.storage().standard(),
                new StoreResources(listings, transfers, meter, settings.scan().isOn()),
                threads.blocking());
        this.passwords = verifier(settings.passwords());
        this.authenticators = new Authenticators(
                settings.login().authenticators(), cluster.users(), passwords, others, () -> inForce.login()
                        .anonymous());
        this.announced = new AnnouncedAddress(settings.session().passiveAddress(), InetAddress::getAllByName);
        this.lists = NodeLists.open(settings);
        CommandTable commands = CommandTable.standard();
        HomeBooks homes = new HomeBooks(backends, cluster.quotas());
        this.dataPlane = new DataPlane(
                inForce::data,
                tls,
                backends,
                SharedState.of(cluster),
                () -> new ListingLimits(
                        listings,
                        inForce.listings().patience(),
                        inForce.listings().zone(),
                        inForce.listings().depth(),
                        inForce.listings().entries()),
                loops,
                events,
                new Scans(inForce::scan, backends, cluster.name(), events),
                threads.timers());
        SessionRegion sessions = SessionRegion.start(environment(commands, homes, events), settings.placement());
        DataConnections connections = new DataConnections(dataPlane, cluster.system(), sessions::tell);
        ActiveConnector active = new ActiveConnector(inForce::data, connections, threads.connecting());
        this.control = new ControlListener(
                inForce::control,
                new ControlListener.Collaborators(
                        loops,
                        tls,
                        cluster,
                        sessions,
                        commands,
                        (link, order, session) -> active.connect(
                                link.local(),
                                new InetSocketAddress(order.address(), order.port()),
                                link.sessionId(),
                                () -> session.accept(new SessionMessage.DataFailed())),
                        events,
                        sessions::newSessionId),
                threads.timers());
        this.doors = new PassiveDoors(settings.data(), cluster, connections, events, threads, this::post);
        this.drain = new Drain(inForce::drain, threads.timers(), control, this::transfers, doors, System::nanoTime);
        this.accounts = new AccountWatch(cluster.users(), live, threads.timers());
        this.recounts =
                new Recounts(settings.recounts(), cluster, homes, () -> readiness.hasStorage() && cluster.mayWrite());
        control.require(readiness::hasStorage);
        control.admitOnly(lists::allowsAddress);
        readiness.require(sessions::problems);
        readiness.require(backends::away);
        backends.watchRequired();
        startActors(new NodeReport(this, settings.control().listeners().bind()), configuration);
        startChores(settings);
    }

    private static PasswordVerifier verifier(NodeSettings.PasswordSettings settings) {
        return new PasswordVerifier(new PasswordVerifier.Settings(
                settings.threads(),
                settings.queue(),
                settings.remembered(),
                settings.rememberedFor(),
                Argon2Parameters.DEFAULT));
    }

    private SessionEnvironment environment(CommandTable commands, HomeBooks homes, EventSink events) {
        announced.start(threads.timers(), threads.blocking());
        return new SessionEnvironment(
                inForce::session,
                cluster,
                new LoginFlow(cluster, authenticators, backends, threads.blocking(), inForce::login, lists::allowsName),
                backends,
                commands,
                new NodeServices(
                        cluster,
                        homes,
                        threads.blocking(),
                        threads.digests(),
                        new Copies(dataPlane),
                        () -> inForce.listings().zone(),
                        events),
                tls,
                events,
                live,
                new RareFailures(),
                announced);
    }

    private void startActors(NodeReport report, NodeConfiguration configuration) {
        spawn(
                NodeOverview.create(
                        cluster.name(),
                        cluster.board()::nameOf,
                        report,
                        configuration,
                        this,
                        live,
                        dataPlane.live(),
                        threads.blocking()),
                NodeOverview.NAME);
        spawn(LostNodes.tell(control::nodeLost), "lost-nodes");
    }

    private void spawn(Behavior<?> behavior, String name) {
        cluster.system()
                .tell(new SpawnProtocol.Spawn<>(
                        behavior, name, Props.empty(), cluster.system().ignoreRef()));
    }

    private void startChores(NodeSettings settings) {
        ScheduledExecutorService timers = threads.timers();
        lists.watch(timers, threads.blocking());
        PartsSweep sweep = new PartsSweep(
                cluster.users(),
                authenticators::recent,
                backends,
                settings.scan().quarantine(),
                settings.storage().partsAge());
        Duration period = PartsSweep.period(settings.storage().partsAge());
        timers.scheduleWithFixedDelay(
                () -> {
                    if (!inForce.session().readOnly()
                            && cluster.writeStop().find().isEmpty()) {
                        threads.blocking().execute(sweep);
                    }
                },
                Math.min(FIRST_SWEEP_SECONDS, period.toSeconds()),
                period.toSeconds(),
                TimeUnit.SECONDS);
        timers.scheduleWithFixedDelay(backends::lookForRoom, POST_SECONDS, POST_SECONDS, TimeUnit.SECONDS);
        records.start(timers);
        timers.scheduleWithFixedDelay(this::post, POST_SECONDS, POST_SECONDS, TimeUnit.SECONDS);
    }

    private void post() {
        cluster.board()
                .post(drain.isOn() || !doors.isOpened() || !readiness.hasStorage(), live.count(), doors.closedPorts());
    }

    /**
     * Starts a node that may hold sessions of other nodes. It accepts no connection before {@link #open}.
     *
     * @param loops the threads of the cluster's actors; the caller closes them after it has left the cluster
     * @param meter counts the requests of the stores
     * @param authenticators those that the settings name, apart from the accounts; the node closes them
     * @param readiness what else makes the node {@linkplain #unready not ready}. While it says that the storage is not
     *     available, clients are refused and sessions move to other nodes
     * @param configuration is reported to the other nodes
     * @throws CertificateProblem when a certificate or key cannot be used
     */
    public static FtpsNode start(
            NodeSettings settings,
            ClusterNode cluster,
            EventLoops loops,
            EventSink events,
            StoreMeter meter,
            Map<String, Authenticator> authenticators,
            Readiness readiness,
            NodeConfiguration configuration)
            throws CertificateProblem {
        return new FtpsNode(settings, cluster, loops, events, meter, authenticators, readiness, configuration);
    }

    /**
     * Opens the listeners, once. All of them accept when this returns.
     *
     * @throws IOException when no passive port can be opened
     * @throws IllegalStateException when a control port is taken
     */
    public void open() throws IOException {
        doors.open();
        if (doors.letClientsIn()) {
            control.open();
        }
        opened = true;
        post();
    }

    /** The addresses on which control connections are accepted. */
    public List<InetSocketAddress> addresses() {
        return control.addresses();
    }

    /** Number of control connections on this node. */
    public int connections() {
        return control.connections();
    }

    /** Number of transfers that run on this node. */
    public int transfers() {
        return dataPlane.running();
    }

    /** What this node has counted since its start. */
    Map<String, Long> counts() {
        Map<String, Long> counts = tally.counts();
        counts.put(NodeView.BYTES_IN, traffic().bytes(Traffic.Direction.UPLOAD));
        counts.put(
                NodeView.BYTES_OUT,
                traffic().bytes(Traffic.Direction.DOWNLOAD) + traffic().bytes(Traffic.Direction.LISTING));
        return counts;
    }

    /** The bytes that this node's data connections have moved. */
    public Traffic traffic() {
        return dataPlane.traffic();
    }

    /** Number of places in stores, such as file systems and their quotas, without room for uploads. */
    public int fullStorages() {
        return backends.full();
    }

    /** The stores that nobody can do without and that are away, one sentence for each. */
    public List<String> storesAway() {
        List<String> away = new ArrayList<>(backends.away());
        if (!readiness.hasStorage()) {
            away.add("the storage of the cluster is not there");
        }
        return away;
    }

    /** Number of file digests that this node computes now. */
    public int digests() {
        return threads.digests().running();
    }

    /** Number of scans of uploads that run now. */
    public int scans() {
        return dataPlane.runningScans();
    }

    /** What each authenticator has answered, by its name; without the accounts of the cluster. */
    public Map<String, Answers> authentications() {
        return authenticators.answers();
    }

    /** The live sessions of this node. */
    public LiveSessions live() {
        return live;
    }

    /** The time of this node's start. */
    public Instant upSince() {
        return upSince;
    }

    @Override
    public void drain(AfterDrain after) {
        drain.begin(after);
    }

    @Override
    public void undrain() {
        drain.cancel();
    }

    @Override
    public boolean isDraining() {
        return drain.isOn();
    }

    /**
     * Completes when a drain has ended; only the membership is then left of this node. The value tells what the process
     * does next: it is not {@link AfterDrain#STAY}.
     */
    public CompletionStage<AfterDrain> drained() {
        return drain.ended();
    }

    /** The reasons why a balancer should send no new connections here; empty when it should. */
    public List<String> unready() {
        List<String> reasons = new ArrayList<>();
        if (drain.isOn()) {
            reasons.add("draining");
        }
        reasons.addAll(readiness.reasons());
        if (reasons.isEmpty() && !opened) {
            reasons.add("starting");
        }
        return reasons;
    }

    /** The membership in the cluster. */
    public ClusterNode cluster() {
        return cluster;
    }

    NodeRecords records() {
        return records;
    }

    /** The counting of homes. */
    public Recounts recounts() {
        return recounts;
    }

    /**
     * Reads the certificates again.
     *
     * @throws CertificateProblem when one cannot be used; the present ones stay in service
     */
    public void reloadCertificates() throws CertificateProblem {
        tls.reload();
    }

    /** Answers challenges of authorities on the implicit port from now on (TLS-ALPN-01). */
    public void answer(ChallengeAnswers answers) {
        control.answer(answers);
    }

    /** The settings in force. */
    public NodeSettings settings() {
        return inForce.get();
    }

    /**
     * Puts other settings in force. Keys that hold from the start until the end of the node must be the same. Earlier
     * connections keep their TLS. Blocks.
     *
     * @throws CertificateProblem when a certificate or an offer of TLS cannot be used; all stays as it was
     * @throws ListProblem when a list cannot be used; all stays as it was
     */
    public void change(NodeSettings next) throws CertificateProblem, ListProblem {
        inForce.change(next, new SettingsInForce.Told(tls, lists, announced, live::accountChanged));
    }

    /** The certificates that clients can get now, by the names of their files. */
    public Map<String, X509Certificate> certificates() {
        return tls.certificates();
    }

    /** The name of the TLS implementation, for the log at the start. */
    public String tlsDescription() {
        return tls.description();
    }

    /** Drains, for as long as configured, then closes everything, once. The cluster membership stays. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        drain.begin(AfterDrain.END);
        drain.await();
        doors.close();
        control.close();
        dataPlane.close();
        accounts.close();
        recounts.close();
        authenticators.close();
        passwords.close();
        threads.close();
        backends.close();
        tls.close();
    }
}
