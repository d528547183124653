package flotilla.ops.doctor;

import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.CertificateCheck;
import flotilla.node.tls.CertificateCheck.Level;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.server.PublicCertificate;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The certificates that clients and other nodes see: chain, names, dates, and whether the key fits. */
final class Certificates implements Check {
    private static final long SOON_DAYS = 14;
    private static final String RENEWAL = "flotilla cert request --help";

    @Override
    public List<Outcome> look(Patient patient) throws Exception {
        List<Outcome> found = new ArrayList<>();
        for (CertificateFiles files : patient.configuration().node().tls().certificates()) {
            if (Files.exists(files.certificate())) {
                server(files, patient.from().orElse(""), found);
            } else {
                found.add(Outcome.ok("There is no " + files.certificate() + " yet: the first start makes it."));
            }
        }
        TlsFiles cluster =
                patient.configuration().cluster().network().protection().tls();
        if (cluster != null) {
            dates(
                    PemFiles.certificates(cluster.ca()).get(0),
                    "The authority of the cluster",
                    "flotilla cert cluster-ca --help",
                    found);
            dates(
                    PemFiles.certificates(cluster.certificate()).get(0),
                    "The certificate of this node",
                    "flotilla cert node --help",
                    found);
        }
        return found;
    }

    private static void server(CertificateFiles files, String host, List<Outcome> found) {
        try {
            KeyMaterial material = PublicCertificate.read(files);
            dates(material.leaf(), files.certificate().toString(), RENEWAL, found);
            for (CertificateCheck.Finding finding :
                    CertificateCheck.of(material.chain(), Optional.of(material.key()), List.of(), host)) {
                if (finding.level() == Level.BAD) {
                    found.add(Outcome.fail(finding.what() + ": " + finding.text() + ".", "Get a new one: " + RENEWAL));
                } else if (finding.level() == Level.NOTE && finding.what().equals("chain")) {
                    found.add(Outcome.warn(
                            finding.text().replaceFirst(": give --ca.* of", ", but to") + ".",
                            "Fine for a test, or for clients that you manage."));
                } else if (!finding.what().equals("dates")) {
                    found.add(Outcome.ok(finding.what() + ": " + finding.text() + "."));
                }
            }
        } catch (CertificateProblem e) {
            found.add(Outcome.fail(
                    files.certificate() + " cannot be used: " + e.getMessage() + ".", "flotilla cert verify --help"));
        }
    }

    private static void dates(X509Certificate certificate, String what, String how, List<Outcome> found) {
        String remedy = "Get a new one: " + how;
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(Instant.now(), end);
        if (left.isNegative()) {
            found.add(Outcome.fail(what + " expired on " + end + ".", remedy));
        } else if (left.toDays() < SOON_DAYS) {
            found.add(Outcome.warn(what + " ends in " + left.toDays() + " days, on " + end + ".", remedy));
        } else {
            found.add(Outcome.ok(what + " is valid until " + end + ", " + left.toDays() + " days."));
        }
    }
}
