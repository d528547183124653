package flotilla.ops.server;

import flotilla.cluster.protection.FileWatch;
import flotilla.node.FtpsNode;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
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

    private CertificateWatch() {}

    /** Checks the files every five seconds, as long as the process lives. */
    static void start(TlsSettings settings, FtpsNode node) {
        FileWatch watch = new FileWatch(files(settings));
        Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "flotilla-certificates");
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleWithFixedDelay(() -> look(watch, node), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private static void look(FileWatch watch, FtpsNode node) {
        if (!watch.hasChanged()) {
            return;
        }
        try {
            node.reloadCertificates();
            LOG.info("certificates were read again");
        } catch (CertificateProblem problem) {
            watch.again();
            LOG.warn("changed certificates are not used, the old ones stay: {}", problem.getMessage());
        }
    }

    private static List<Path> files(TlsSettings settings) {
        Stream<Path> served =
                settings.certificates().stream().flatMap(files -> Stream.of(files.certificate(), files.privateKey()));
        Stream<Path> ofClients = Stream.concat(settings.clientCrl().stream(), settings.clientCa().stream());
        return Stream.concat(served, ofClients).toList();
    }
}
