package flotilla.ops.server;

import flotilla.cluster.protection.FileWatch;
import flotilla.node.FtpsNode;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

    private final FtpsNode node;
    private final Optional<Path> ofAuthority;
    private TlsSettings settings;
    private FileWatch files;

    private CertificateWatch(FtpsNode node, Optional<Path> ofAuthority) {
        this.node = node;
        this.ofAuthority = ofAuthority;
        this.settings = node.settings().tls();
        this.files = new FileWatch(files());
    }

    /**
     * Checks the files every five seconds, and when certificates expire now and every minute, as long as the process
     * lives.
     *
     * @param ofAuthority a file that is left out
     */
    static void start(FtpsNode node, ExpiryWatch expiry, Optional<Path> ofAuthority) {
        CertificateWatch watch = new CertificateWatch(node, ofAuthority);
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "flotilla-certificates");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(() -> watch.look(expiry), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
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

    private void look(ExpiryWatch expiry) {
        if (!node.settings().tls().equals(settings)) { // they were read when the settings changed
            settings = node.settings().tls();
            files = new FileWatch(files());
            lookAtEnds(expiry);
            return;
        }
        if (!files.hasChanged()) {
            return;
        }
        try {
            node.reloadCertificates();
            LOG.info("certificates were read again");
            lookAtEnds(expiry);
        } catch (CertificateProblem problem) {
            files.again();
            LOG.warn("changed certificates are not used, the old ones stay: {}", problem.getMessage());
        }
    }

    /** Whoever copies the certificate of an authority (ACME) has it read again, too. */
    private List<Path> files() {
        Stream<Path> served =
                settings.certificates().stream().flatMap(files -> Stream.of(files.certificate(), files.privateKey()));
        Stream<Path> ofClients = Stream.concat(settings.clientCrl().stream(), settings.clientCa().stream());
        return Stream.concat(served, ofClients)
                .filter(file -> ofAuthority.filter(file::equals).isEmpty())
                .toList();
    }
}
