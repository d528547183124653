package flotilla.ops.server;

import flotilla.node.FtpsNode;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.TlsSettings;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads certificates again when their files change. A renewal that is half written is tried again at the next look. */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final long PERIOD_SECONDS = 5;

    private final TlsSettings settings;
    private final FtpsNode node;
    private Map<Path, FileTime> seen;

    private CertificateWatch(TlsSettings settings, FtpsNode node) {
        this.settings = settings;
        this.node = node;
        this.seen = times();
    }

    /** Looks every few seconds, for as long as the process lives. */
    static void start(TlsSettings settings, FtpsNode node) {
        CertificateWatch watch = new CertificateWatch(settings, node);
        Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "flotilla-certificates");
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleWithFixedDelay(watch::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        Map<Path, FileTime> now = times();
        if (now.equals(seen)) {
            return;
        }
        try {
            node.reloadCertificates();
            seen = now;
            LOG.info("certificates were read again");
        } catch (CertificateProblem problem) {
            LOG.warn("changed certificates are not used, the old ones stay: {}", problem.getMessage());
        }
    }

    private Map<Path, FileTime> times() {
        Map<Path, FileTime> times = new HashMap<>();
        for (CertificateFiles files : settings.certificates()) {
            add(times, files.certificate());
            add(times, files.privateKey());
        }
        settings.clientCrl().ifPresent(file -> add(times, file));
        settings.clientCa().ifPresent(file -> add(times, file));
        return times;
    }

    private static void add(Map<Path, FileTime> times, Path file) {
        try {
            times.put(file, Files.getLastModifiedTime(file));
        } catch (IOException missing) {
            times.put(file, FileTime.fromMillis(0));
        }
    }
}
