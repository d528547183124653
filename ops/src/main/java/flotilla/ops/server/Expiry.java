package flotilla.ops.server;

import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.admin.ControlPlane.Certificate;
import flotilla.ops.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate, and when it expires.
 *
 * @param name the name of its file
 * @param use who is shown it: clients, admin-api, nodes; authority of nodes; or client-ca, an authority of clients
 * @param fingerprint tells it from the certificate that replaces it
 */
public record Expiry(String name, String use, String fingerprint, Instant end) {
    static final String CLIENTS = "clients";

    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    static Expiry of(String name, String use, X509Certificate certificate) {
        return new Expiry(
                name,
                use,
                certificate.getSerialNumber().toString(16),
                certificate.getNotAfter().toInstant());
    }

    /** Reads all certificates of a configuration. One that cannot be read is left out: another check tells. */
    public static List<Expiry> configured(Configuration configuration) {
        List<Expiry> found = new ArrayList<>();
        for (CertificateFiles files : configuration.node().tls().certificates()) {
            read(files, CLIENTS).ifPresent(found::add);
        }
        found.addAll(ofOthers(configuration));
        return found;
    }

    /** Reads the certificates that clients of FTP do not see. */
    static List<Expiry> ofOthers(Configuration configuration) {
        List<Expiry> found = new ArrayList<>();
        configuration.node().tls().clientCa().ifPresent(file -> found.addAll(read(file, "client-ca")));
        configuration.admin().tls().flatMap(files -> read(files, "admin-api")).ifPresent(found::add);
        TlsFiles nodes = configuration.cluster().network().protection().tls();
        if (nodes != null) {
            found.addAll(read(nodes.certificate(), "nodes").stream().limit(1).toList());
            found.addAll(read(nodes.ca(), "authority"));
        }
        return found;
    }

    private static Optional<Expiry> read(CertificateFiles files, String use) {
        if (!Files.exists(files.certificate())) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(
                    files.certificate().getFileName().toString(),
                    use,
                    PublicCertificate.read(files).leaf()));
        } catch (CertificateProblem unreadable) {
            LOG.debug("{}", files, unreadable);
            return Optional.empty();
        }
    }

    private static List<Expiry> read(Path file, String use) {
        try {
            return PemFiles.certificates(file).stream()
                    .map(certificate -> of(file.getFileName().toString(), use, certificate))
                    .toList();
        } catch (IOException | GeneralSecurityException unreadable) {
            LOG.debug("{}", file, unreadable);
            return List.of();
        }
    }

    /**
     * Returns the smallest threshold that the certificate has passed; empty for none. 0 stands for an expired one.
     *
     * @param days days before the end
     */
    public Optional<Integer> passed(List<Integer> days, Instant now) {
        if (!now.isBefore(end)) {
            return Optional.of(0);
        }
        return days.stream()
                .filter(threshold -> !now.isBefore(end.minus(Duration.ofDays(threshold))))
                .min(Integer::compare);
    }

    /** Returns it as the admin API shows it. */
    Certificate shown() {
        return new Certificate(name, use, fingerprint, end);
    }

    /** Tells in words when the certificate expires. */
    public String text(Instant now) {
        String what = "the certificate " + name + " (" + use + ") ";
        long left = Duration.between(now, end).toDays();
        return now.isBefore(end)
                ? what + "expires in " + left + (left == 1 ? " day" : " days") + ", on " + end + ": renew it"
                : what + "expired on " + end + ": renew it";
    }
}
