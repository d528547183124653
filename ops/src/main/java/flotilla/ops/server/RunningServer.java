package flotilla.ops.server;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.LeaseStore;
import flotilla.cluster.hazelcast.HazelcastClusterNode;
import flotilla.node.FtpsNode;
import flotilla.node.Readiness;
import flotilla.node.control.ControlSettings;
import flotilla.node.control.EventLoops;
import flotilla.node.event.EventSink;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tree.StorageLease;
import flotilla.node.tree.StorageMarker;
import flotilla.ops.acme.Acme;
import flotilla.ops.admin.ControlPlane;
import flotilla.ops.admin.ControlPlane.Api;
import flotilla.ops.admin.ControlPlane.Operations;
import flotilla.ops.config.Configuration;
import flotilla.ops.extension.OutsideAuthenticators;
import flotilla.ops.hook.EventHooks;
import flotilla.ops.local.Caller;
import flotilla.ops.local.DataDirectory;
import flotilla.ops.local.ServerLock;
import flotilla.ops.log.AuditLog;
import flotilla.ops.log.EventLogs;
import flotilla.ops.metrics.CertificateGauges;
import flotilla.ops.metrics.Metrics;
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

    private final Configuration configuration;
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Parts in the order of closing. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final ClusterNode cluster;
    private final Outputs outputs;
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
    public static RunningServer start(Configuration configuration) throws Exception {
        requireUtf8();
        DataDirectory.make(configuration.dataDir());
        Files.createDirectories(configuration.node().storageRoot());
        FreePorts.require(configuration);
        Optional<Path> certificate = configuration.made().certificate();
        if (certificate.isPresent()) {
            GeneratedCertificate.keep(certificate.get());
        }
        return new RunningServer(configuration);
    }

    private RunningServer(Configuration configuration) throws Exception {
        this.configuration = configuration;
        try {
            EventLoops loops = part(EventLoops.start());
            this.systemd = part(SystemdNotices.open(System.getenv(), loops));
            StorageLease lease = storageLease();
            this.cluster = HazelcastClusterNode.start(configuration.cluster(), loops, shared(lease))
                    .toCompletableFuture()
                    .get();
            this.outputs = outputs();
            parts.push(() -> cluster.leave().toCompletableFuture().get(LEAVE_SECONDS, TimeUnit.SECONDS));
            StorageMarker storage = part(StorageMarker.watch(
                    configuration.node().storageRoot(),
                    configuration.dataDir().resolve("storage-marker"),
                    cluster.agreements(),
                    () -> cluster.anotherClusterOn(lease)));
            this.readiness = Readiness.of(cluster, storage);
            Optional<Acme> acme = acme();
            Metrics metrics = new Metrics();
            this.node = part(FtpsNode.start(
                    configuration.node(),
                    cluster,
                    loops,
                    EventSink.both(outputs.events(), metrics),
                    OutsideAuthenticators.open(configuration.extensions().authenticators(), cluster.users()),
                    readiness));
            acme.ifPresent(on -> node.answer(on.answers()));
            this.expiry = new ExpiryWatch(
                    this::certificates,
                    configuration.expiryDays(),
                    new CertificateGauges(metrics)::show,
                    Clock.systemUTC(),
                    LOG::warn);
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
                            this::reload,
                            configuration.log().maxTraced(),
                            acme.map(Renewals::new)),
                    outputs.audit(),
                    api));
            parts.push(node); // early, because it drains while the control plane still reports
            parts.push(systemd::stopping);
            run();
            acme.ifPresent(on -> on.start(() -> {
                node.reloadCertificates();
                expiry.look();
            }));
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

    private Optional<Acme> acme() throws Exception {
        return configuration.acme().isPresent()
                ? Optional.of(part(Acme.open(configuration.acme().get(), cluster)))
                : Optional.empty();
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
                AuditLog.open(configuration.log().audit(), configuration.log().queue()));
        EventLogs logs = part(EventLogs.open(
                configuration.log(), configuration.cluster().self().name(), cluster.traces()));
        return new Outputs(
                logs, audit, part(EventHooks.open(configuration.extensions().hooks())));
    }

    private StorageLease storageLease() {
        return new StorageLease(
                configuration.node().storageRoot(),
                configuration.dataDir().resolve("storage-lease"),
                configuration.cluster().database().isShared());
    }

    /**
     * Returns the resources that no other cluster may use. A storage in the data directory belongs to this node alone.
     */
    private List<LeaseStore> shared(StorageLease lease) {
        return configuration.node().storageRoot().startsWith(configuration.dataDir()) ? List.of() : List.of(lease);
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
        CertificateWatch.start(configuration, node, expiry);
        Hangup.reloads(this::hangUp);
        node.drained().thenRun(() -> {
            if (!failed) {
                new Thread(() -> System.exit(0), "flotilla-drained").start();
            }
        });
        readiness.await();
        node.open();
    }

    /** Opens renamed logs again, and reads certificates and revocation lists again. */
    private void reload() throws CertificateProblem {
        outputs.reopen();
        node.reloadCertificates();
        expiry.look();
    }

    private void hangUp() throws CertificateProblem {
        String result = "ok";
        try {
            reload();
        } catch (CertificateProblem problem) {
            result = "failed: " + problem.getMessage();
            throw problem;
        } finally {
            outputs.audit().record("SIGHUP", Caller.PLACE, "reload", "", result);
        }
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
