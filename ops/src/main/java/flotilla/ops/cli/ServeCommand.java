package flotilla.ops.cli;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.LeaseStore;
import flotilla.cluster.hazelcast.HazelcastClusterNode;
import flotilla.node.FtpsNode;
import flotilla.node.Readiness;
import flotilla.node.control.ControlSettings;
import flotilla.node.control.EventLoops;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tree.StorageLease;
import flotilla.node.tree.StorageMarker;
import flotilla.ops.config.Configuration;
import flotilla.ops.config.Configuration.LogSettings;
import flotilla.ops.extension.OutsideAuthenticators;
import flotilla.ops.hook.EventHooks;
import flotilla.ops.local.AuditedOperation;
import flotilla.ops.local.DataDirectory;
import flotilla.ops.local.LocalControl;
import flotilla.ops.local.Recount;
import flotilla.ops.local.RefusedException;
import flotilla.ops.log.AuditLog;
import flotilla.ops.log.EventLogs;
import flotilla.ops.train.Training;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flotilla serve}: runs a node until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Starts a node and runs it until SIGTERM or Ctrl-C.")
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final String RELOAD = "reload";
    private static final Duration CERTIFICATE_VALIDITY = Duration.ofDays(825);

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws Exception {
        requireUtf8();
        Configuration configuration = options.load();
        prepare(configuration);
        EventLoops loops = EventLoops.start();
        StorageLease lease = storageLease(configuration);
        ClusterNode cluster = HazelcastClusterNode.start(configuration.cluster(), loops, shared(configuration, lease))
                .toCompletableFuture()
                .get();
        Administration.Prepared admin = Administration.prepare(configuration);
        try (EventLogs logs = EventLogs.open(configuration.log(), cluster.traces());
                AuditLog audit = AuditLog.open(
                        configuration.log().audit(), configuration.log().queue());
                EventHooks hooks = EventHooks.open(configuration.extensions().hooks());
                StorageMarker storage = StorageMarker.watch(
                        configuration.node().storageRoot(),
                        configuration.dataDir().resolve("storage-marker"),
                        cluster.agreements(),
                        () -> cluster.anotherClusterOn(lease));
                FtpsNode node = FtpsNode.start(
                        configuration.node(),
                        cluster,
                        loops,
                        admin.with(new Outputs(logs, audit, hooks).events()),
                        OutsideAuthenticators.open(configuration.extensions().authenticators(), cluster.users()))) {
            Readiness readiness = Readiness.of(cluster, storage);
            node.judgedBy(readiness);
            Outputs outputs = new Outputs(logs, audit, hooks);
            try (Administration.Door door = admin.open(node, outputs)) {
                run(configuration, node, readiness, door, loops, outputs);
            }
        }
        return 0;
    }

    private static StorageLease storageLease(Configuration configuration) {
        return new StorageLease(
                configuration.node().storageRoot(),
                configuration.dataDir().resolve("storage-lease"),
                configuration.cluster().database().isShared());
    }

    /** What no other cluster may use. A storage in the data directory is this node's alone. */
    private static List<LeaseStore> shared(Configuration configuration, StorageLease lease) {
        return configuration.node().storageRoot().startsWith(configuration.dataDir()) ? List.of() : List.of(lease);
    }

    /** The charset of the locale is that of file names: with another one, no name beyond ASCII could be stored. */
    private static void requireUtf8() {
        String charset = System.getProperty("sun.jnu.encoding", "");
        if (!charset.equalsIgnoreCase("UTF-8")) {
            throw new IllegalStateException("this process has no UTF-8 locale, file names would be " + charset
                    + ": set LC_ALL=C.UTF-8 in its environment");
        }
    }

    private void run(
            Configuration configuration,
            FtpsNode node,
            Readiness readiness,
            Administration.Door door,
            EventLoops loops,
            Outputs outputs)
            throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        ClusterNode cluster = node.cluster();
        try (LocalControl control = LocalControl.open(
                configuration.dataDir(),
                cluster.users(),
                outputs.audit(),
                configuration.admin(),
                operations(node, readiness, outputs, configuration.log()))) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> stop(node, control, door, cluster, loops, outputs.all(), stopped), "flotilla-stop"));
            Expulsion.endsProcess(cluster, List.of(control, outputs.logs(), outputs.audit()));
            CertificateWatch.start(configuration.node().tls(), node);
            Hangup.reloads(() -> reloading(node, outputs).perform("", "SIGHUP"));
            open(node, readiness);
            FirstUser first = announce(configuration, node, door);
            if (Training.isAsked()) {
                train(configuration, first);
            } else if (!Boolean.getBoolean("flotilla.exit-when-ready")) {
                stopped.await();
            }
        }
    }

    /** Takes work, until the node is drained: then the process ends. A start that fails drains, too, and ends as what it is. */
    private static void open(FtpsNode node, Readiness readiness) throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        node.drained().thenRun(() -> {
            if (!failed.get()) {
                new Thread(() -> System.exit(0), "flotilla-drained").start();
            }
        });
        try {
            readiness.await();
            node.open();
        } catch (Exception e) {
            failed.set(true);
            throw e;
        }
    }

    private static Map<String, LocalControl.Operation> operations(
            FtpsNode node, Readiness readiness, Outputs outputs, LogSettings log) {
        return Map.of(
                RELOAD,
                reloading(node, outputs),
                TraceOperation.NAME,
                TraceOperation.of(node.cluster().traces(), log.maxTraced(), outputs.audit()),
                "ready",
                (body, caller) -> String.join("\n", readiness.reasons()),
                "status",
                (body, caller) -> status(node),
                Recount.OPERATION,
                (body, caller) -> Recount.write(node.recounts().ask(body)));
    }

    /** What can change without a restart: logs that were renamed are opened again, certificates and lists are read again. */
    private static void reload(FtpsNode node, Outputs outputs) throws CertificateProblem {
        outputs.reopen();
        node.reloadCertificates();
    }

    private static LocalControl.Operation reloading(FtpsNode node, Outputs outputs) {
        return new AuditedOperation(outputs.audit(), RELOAD, body -> "", (body, caller) -> {
            try {
                reload(node, outputs);
            } catch (CertificateProblem problem) {
                throw RefusedException.conflict(String.valueOf(problem.getMessage()));
            }
            return "";
        });
    }

    private static String status(FtpsNode node) {
        StringBuilder text = new StringBuilder("connections " + node.connections() + "\ntransfers " + node.transfers()
                + "\ndigests " + node.digests()
                + "\nleases " + node.cluster().passivePool().leased()
                + "\nlocks " + node.cluster().uploadLocks().held()
                + "\nsessions " + node.cluster().sessions().size()
                + "\noperations " + node.cluster().operations() + "\n");
        node.counts()
                .forEach((name, count) ->
                        text.append(name).append(' ').append(count).append('\n'));
        return text.toString();
    }

    private static void stop(
            FtpsNode node,
            LocalControl control,
            AutoCloseable door,
            ClusterNode cluster,
            EventLoops loops,
            List<AutoCloseable> written,
            CountDownLatch stopped) {
        LOG.info("stopping");
        control.close();
        node.close();
        try {
            door.close();
            cluster.leave().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            LOG.warn("leaving the cluster", e);
        }
        try {
            for (AutoCloseable log : written) {
                log.close(); // here: the process ends with this thread, whatever others still write
            }
        } catch (Exception e) {
            LOG.warn("closing the logs", e);
        }
        loops.close();
        stopped.countDown();
    }

    private static void prepare(Configuration configuration) throws Exception {
        Path dataDir = configuration.dataDir();
        DataDirectory.make(dataDir);
        Files.createDirectories(configuration.node().storageRoot());
        Optional<Path> certificate = configuration.generateCertificate();
        if (certificate.isPresent() && !Files.exists(certificate.get())) {
            String host = hostName();
            List<String> names = host.equals("localhost") ? List.of("localhost") : List.of("localhost", host);
            CertificateMaker.write(
                    CertificateMaker.selfSigned(KeyKind.EC, names, List.of("127.0.0.1", "::1"), CERTIFICATE_VALIDITY),
                    certificate.get());
        }
        if (certificate.isPresent()) {
            PublicCertificate.keep(certificate.get());
        }
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(java.util.Locale.ROOT);
            return name.matches("[a-z0-9.-]+") ? name : "localhost";
        } catch (IOException e) {
            return "localhost";
        }
    }

    /** Trains this process, which ends afterwards. Only the first start of a server has a user for it. */
    private static void train(Configuration configuration, FirstUser first) throws IOException, InterruptedException {
        ControlSettings control = configuration.node().control();
        Training.run(
                configuration
                        .generateCertificate()
                        .map(PublicCertificate::beside)
                        .orElseThrow(),
                control.explicitPort(),
                control.implicitPort(),
                FirstUser.NAME,
                first.password().orElseThrow());
    }

    private FirstUser announce(Configuration configuration, FtpsNode node, Administration.Door door) throws Exception {
        PrintStream out = System.out;
        FirstUser first = FirstUser.of(configuration, node.cluster());
        Welcome welcome = new Welcome(configuration, door.url(), first);
        welcome.lines(node.tlsDescription(), node.addresses()).forEach(out::println);
        out.println("flotilla: ready");
        out.flush();
        return first;
    }
}
