package flotilla.ops.server;

import flotilla.cluster.protection.FileWatch;
import flotilla.node.FtpsNode;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.TlsSettings;
import flotilla.ops.config.AcmeSettings;
import flotilla.ops.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads certificates again when their files change. If a renewal is only half written, it tries again at the next
 * check.
 */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final long PERIOD_SECONDS = 5;
    private static final long EXPIRY_SECONDS = 60;

    private CertificateWatch() {}

    /**
     * Checks the files every five seconds, and when certificates expire now and every minute, as long as the process
     * lives.
     */
    static void start(Configuration configuration, FtpsNode node, ExpiryWatch expiry) {
        FileWatch watch = new FileWatch(files(configuration));
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "flotilla-certificates");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(
                () -> look(watch, node, expiry), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(() -> lookAtEnds(expiry), 0, EXPIRY_SECONDS, TimeUnit.SECONDS);
    }

    /** A task that throws would not be called again. */
    private static void lookAtEnds(ExpiryWatch expiry) {
        try {
            expiry.look();
        } catch (RuntimeException e) {
            LOG.warn("the ends of certificates cannot be looked at", e);
        }
    }

    private static void look(FileWatch watch, FtpsNode node, ExpiryWatch expiry) {
        if (!watch.hasChanged()) {
            return;
        }
        try {
            node.reloadCertificates();
            LOG.info("certificates were read again");
            lookAtEnds(expiry);
        } catch (CertificateProblem problem) {
            watch.again();
            LOG.warn("changed certificates are not used, the old ones stay: {}", problem.getMessage());
        }
    }

    /** Whoever copies the certificate of an authority (ACME) has it read again, too. */
    private static List<Path> files(Configuration configuration) {
        TlsSettings settings = configuration.node().tls();
        Stream<Path> served =
                settings.certificates().stream().flatMap(files -> Stream.of(files.certificate(), files.privateKey()));
        Stream<Path> ofClients = Stream.concat(settings.clientCrl().stream(), settings.clientCa().stream());
        return Stream.concat(served, ofClients)
                .filter(file -> configuration
                        .acme()
                        .map(AcmeSettings::file)
                        .filter(file::equals)
                        .isEmpty())
                .toList();
    }
}
