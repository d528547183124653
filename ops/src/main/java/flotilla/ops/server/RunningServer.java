package flotilla.ops.server;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.LeaseStore;
import flotilla.cluster.hazelcast.HazelcastClusterNode;
import flotilla.node.FtpsNode;
import flotilla.node.NodeSettings.StorageSettings;
import flotilla.node.Readiness;
import flotilla.node.control.ControlSettings;
import flotilla.node.control.EventLoops;
import flotilla.node.event.EventSink;
import flotilla.node.overview.AfterDrain;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tree.StorageLease;
import flotilla.node.tree.StorageMarker;
import flotilla.node.tree.Stores;
import flotilla.ops.admin.ControlPlane;
import flotilla.ops.admin.ControlPlane.Api;
import flotilla.ops.admin.ControlPlane.Operations;
import flotilla.ops.admin.Reload;
import flotilla.ops.alert.Alerts;
import flotilla.ops.alert.StorageWatch;
import flotilla.ops.config.AcmeSettings;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import flotilla.ops.config.LiveConfiguration.State;
import flotilla.ops.config.Sources;
import flotilla.ops.event.Events;
import flotilla.ops.extension.OutsideAuthenticators;
import flotilla.ops.hook.EventHooks;
import flotilla.ops.local.Caller;
import flotilla.ops.local.DataDirectory;
import flotilla.ops.local.ServerLock;
import flotilla.ops.log.AuditLog;
import flotilla.ops.log.EventLogs;
import flotilla.ops.metrics.CertificateGauges;
import flotilla.ops.metrics.EventMetrics;
import flotilla.ops.metrics.Metrics;
import flotilla.ops.metrics.StoreMetrics;
import flotilla.ops.train.Training;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server with all of its parts. The part that started last is closed first. A start that fails closes the parts that
 * have started. The process ends with the server: on a signal, after the node was drained, and when the cluster has
 * removed the node.
 */
public final class RunningServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);
    private static final long LEAVE_SECONDS = 30;
    /** EX_TEMPFAIL of sysexits.h: a supervisor starts the process again. */
    private static final int RESTART = 75;

    private final Configuration configuration;
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Parts in the order of closing. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final ClusterNode cluster;
    private final Outputs outputs;
    private final LiveSettings settings;
    private final Readiness readiness;
    private final FtpsNode node;
    private final ExpiryWatch expiry;
    private final ControlPlane control;
    private final FirstUser firstUser;
    private final SystemdNotices systemd;
    private volatile boolean failed;

    /**
     * Starts a server. Blocks until it is ready.
     *
     * @throws Exception when it cannot start; the message states the reason
     */
    public static RunningServer start(Sources sources) throws Exception {
        requireUtf8();
        Configuration configuration = sources.load();
        DataDirectory.make(configuration.dataDir());
        if (configuration.node().storage().hasRoot()) {
            Files.createDirectories(configuration.node().storage().root());
        }
        FreePorts.require(configuration);
        Optional<Path> certificate = configuration.made().certificate();
        if (certificate.isPresent()) {
            GeneratedCertificate.keep(certificate.get());
        }
        return new RunningServer(sources, configuration);
    }

    /** @param first the configuration before the cluster tells which values hold on every node */
    private RunningServer(Sources sources, Configuration first) throws Exception {
        try {
            EventLoops loops = part(EventLoops.start());
            this.systemd = part(SystemdNotices.open(System.getenv(), loops));
            StorageLease lease = storageLease(first);
            this.cluster = HazelcastClusterNode.start(first.cluster(), loops, shared(first, lease))
                    .toCompletableFuture()
                    .get();
            this.settings = part(settings(sources));
            this.configuration = settings.now();
            this.outputs = outputs();
            parts.push(this::leave);
            this.readiness = Readiness.of(cluster, storageMarker(lease));
            Optional<Renewals> renewals = Renewals.open(configuration, cluster);
            renewals.ifPresent(this::part);
            Metrics metrics = new Metrics();
            Events events = part(Events.open(cluster, configuration.extensions().events()));
            EventMetrics.bind(metrics, events);
            Measures measures = new Measures(metrics, configuration);
            Alarms alarms = new Alarms(configuration.cluster().self().name());
            this.node = part(FtpsNode.start(
                    configuration.node(),
                    cluster,
                    loops,
                    EventSink.both(
                            EventSink.both(outputs.events(), alarms.events()),
                            EventSink.both(EventSink.both(metrics, measures.events()), events)),
                    new StoreMetrics(metrics),
                    OutsideAuthenticators.open(configuration.extensions().authenticators(), cluster.users()),
                    readiness,
                    settings));
            renewals.ifPresent(on -> on.answer(node));
            this.expiry = new ExpiryWatch(
                    this::certificates,
                    () -> settings.now().expiryDays(),
                    new CertificateNews(new CertificateGauges(metrics)::show, events),
                    Clock.systemUTC(),
                    LOG::warn);
            StorageWatch storage = Alarms.storage(node, configuration);
            EventWatch watch =
                    EventWatch.of(events, configuration.extensions().events().backlog());
            Alerts alerts = part(alarms.start(node, settings::now, outputs, expiry, storage, List.of(watch)));
            measures.start(cluster, storage, alerts);
            Optional<Api> api = configuration.admin().enabled()
                    ? Optional.of(part(new Administration(configuration, node, outputs, metrics))
                            .api())
                    : Optional.empty();
            part(ServerLock.take(configuration.dataDir()));
            this.control = part(ControlPlane.open(
                    configuration.dataDir(),
                    configuration.admin(),
                    configuration.node(),
                    node,
                    new Operations(
                            readiness,
                            metrics::counts,
                            settings,
                            this::reload,
                            () -> settings.now().log().maxTraced(),
                            () -> settings.now().passwords(),
                            renewals.map(on -> on),
                            events,
                            alerts,
                            () -> certificates().stream().map(Expiry::shown).toList()),
                    outputs.audit(),
                    api));
            parts.push(node); // early, because it drains while the control plane still reports
            parts.push(systemd::stopping);
            run();
            renewals.ifPresent(on -> on.start(node, expiry));
            if (configuration.node().login().anonymous().isPresent()) {
                CompletionStage<Void> unused = ShadowedAccounts.warn(cluster.users());
            }
            this.firstUser = FirstUser.of(configuration, cluster);
            systemd.ready(readiness::reasons);
        } catch (Exception e) {
            failed = true;
            close();
            throw e;
        }
    }

    private LiveSettings settings(Sources sources) throws Exception {
        try {
            return LiveSettings.start(sources, cluster.overrides());
        } catch (ConfigException refused) {
            leave();
            throw refused;
        }
    }

    private void leave() throws Exception {
        cluster.leave().toCompletableFuture().get(LEAVE_SECONDS, TimeUnit.SECONDS);
    }

    private List<Expiry> certificates() {
        Stream<Expiry> ofClients = node.certificates().entrySet().stream()
                .map(one -> Expiry.of(one.getKey(), Expiry.CLIENTS, one.getValue()));
        return Stream.concat(ofClients, Expiry.ofOthers(configuration).stream()).toList();
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private Outputs outputs() throws Exception {
        AuditLog audit = part(
                AuditLog.open(configuration.log().audit(), configuration.log().queue(), cluster.name()));
        audit.share(cluster.circulars());
        EventLogs logs = part(EventLogs.open(
                configuration.log(), configuration.cluster().self().name(), cluster.traces()));
        return new Outputs(
                logs, audit, part(EventHooks.open(configuration.extensions().hooks())));
    }

    /** Watches the marker in the directory of the default store, and returns it if nobody can do without that store. */
    private Optional<StorageMarker> storageMarker(StorageLease lease) {
        StorageSettings storage = configuration.node().storage();
        if (!storage.hasRoot()) {
            return Optional.empty();
        }
        StorageMarker marker = part(StorageMarker.watch(
                storage.root(),
                configuration.dataDir().resolve("storage-marker"),
                cluster.agreements(),
                () -> cluster.anotherClusterOn(lease)));
        return Stores.isRequired(storage.stores().get(0)) ? Optional.of(marker) : Optional.empty();
    }

    private static StorageLease storageLease(Configuration configuration) {
        return new StorageLease(
                configuration.node().storage().root(),
                configuration.dataDir().resolve("storage-lease"),
                configuration.cluster().database().isShared());
    }

    /**
     * Returns the resources that no other cluster may use. A storage in the data directory belongs to this node alone.
     */
    private static List<LeaseStore> shared(Configuration configuration, StorageLease lease) {
        StorageSettings storage = configuration.node().storage();
        return storage.hasRoot() && !storage.root().startsWith(configuration.dataDir()) ? List.of(lease) : List.of();
    }

    /**
     * Checks the charset of file names, which is that of the locale. With any other one, no name beyond ASCII could be
     * stored.
     */
    private static void requireUtf8() {
        String charset = System.getProperty("sun.jnu.encoding", "");
        if (!charset.equalsIgnoreCase("UTF-8")) {
            throw new IllegalStateException("this process has no UTF-8 locale, file names would be " + charset
                    + ": set LC_ALL=C.UTF-8 in its environment");
        }
    }

    private void run() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "flotilla-stop"));
        Expulsion.endsProcess(cluster, List.of(control, outputs.logs(), outputs.audit(), outputs.hooks()));
        parts.push(settings.follow(node, outputs));
        CertificateWatch.start(node, expiry, configuration.acme().map(AcmeSettings::file));
        Hangup.reloads(this::hangUp);
        node.drained().thenAccept(after -> {
            if (!failed) {
                int code = after == AfterDrain.RESTART ? RESTART : 0;
                new Thread(() -> System.exit(code), "flotilla-drained").start();
            }
        });
        readiness.await();
        node.open();
    }

    /**
     * Opens renamed logs again, reads the configuration again and puts in force what can change, and reads certificates
     * and revocation lists again.
     */
    private Reload.Report reload() throws Reload.Refused {
        outputs.reopen();
        State state = settings.reload(node, outputs);
        try {
            node.reloadCertificates();
        } catch (CertificateProblem problem) {
            throw new Reload.Refused(String.valueOf(problem.getMessage()), problem);
        }
        expiry.look();
        return new Reload.Report(state.changed(), state.pending());
    }

    private void hangUp() throws Reload.Refused {
        String result = "ok";
        try {
            Reload.Report report = reload();
            if (!report.pending().isEmpty()) {
                LOG.warn("a restart is needed for {}", String.join(", ", report.pending()));
            }
        } catch (Reload.Refused problem) {
            result = "failed: " + problem.getMessage();
            throw problem;
        } finally {
            outputs.audit().record("SIGHUP", Caller.PLACE, "reload", "", result);
        }
    }

    /** Returns the configuration with which the server started. */
    public Configuration configuration() {
        return configuration;
    }

    /** Returns the name of the TLS implementation. */
    public String tlsDescription() {
        return node.tlsDescription();
    }

    /** Returns the addresses of the control listeners. */
    public List<InetSocketAddress> addresses() {
        return node.addresses();
    }

    /** Returns the URL of the admin API for programs on this machine; empty when it is off. */
    public Optional<String> adminUrl() {
        return control.url();
    }

    /** Returns the account that this start has created, if any. */
    public FirstUser firstUser() {
        return firstUser;
    }

    /**
     * Serves a built-in client for a while, so that the JVM records the classes and methods in use. It needs the
     * account that this start has created.
     */
    public void train() throws IOException, InterruptedException {
        ControlSettings listeners = configuration.node().control();
        Training.run(
                configuration
                        .made()
                        .certificate()
                        .map(PublicCertificate::beside)
                        .orElseThrow(),
                listeners.listeners().explicitPort(),
                listeners.listeners().implicitPort(),
                FirstUser.NAME,
                firstUser.password().orElseThrow());
    }

    /** Blocks until the server is closed. */
    public void await() throws InterruptedException {
        stopped.await();
    }

    /** Drains, leaves the cluster, and closes everything, once. A second caller waits for that. */
    @Override
    public synchronized void close() {
        if (!parts.isEmpty()) {
            LOG.info("stopping");
        }
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("on the way out", e);
            }
        }
        stopped.countDown();
    }
}
