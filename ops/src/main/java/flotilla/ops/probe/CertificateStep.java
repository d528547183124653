package flotilla.ops.probe;

import flotilla.node.tls.CertificateCheck;
import flotilla.node.tls.CertificateCheck.Finding;
import flotilla.ops.report.Level;
import flotilla.ops.report.Report;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the certificate that a server has sent (RFC 5280, RFC 9525). */
final class CertificateStep {
    private static final long SOON_DAYS = 14;
    private static final Map<String, String> REMEDIES = Map.of(
            "dates", "Renew the certificate.",
            "names", "Clients must use a name that it has, or the server needs a certificate with this name.",
            "purpose", "Get a certificate that is made for servers.",
            "strength", "Get a certificate with a stronger key and signature.",
            "chain", "The server must send its whole chain, or clients need its authority (--ca FILE).");

    private CertificateStep() {}

    /** Reports dates, name, key, purpose, strength and chain. */
    static void look(List<X509Certificate> chain, ProbeSettings settings, Report report) {
        X509Certificate own = chain.get(0);
        report.ok("certificate", own.getSubjectX500Principal() + ", " + key(own.getPublicKey()) + ".");
        Instant end = own.getNotAfter().toInstant();
        long days = Duration.between(Instant.now(), end).toDays();
        boolean isSoon = end.isAfter(Instant.now()) && days < SOON_DAYS;
        if (isSoon) {
            report.warn("dates", "The certificate ends in " + days + " days.", "Renew it now.");
        }
        for (Finding finding : CertificateCheck.of(chain, Optional.empty(), settings.authorities(), settings.host())) {
            boolean isSaid = isSoon && finding.what().equals("dates") && level(finding) == Level.OK;
            if (!finding.what().equals("key") && !isSaid) {
                Level level = level(finding);
                report.add(
                        level,
                        finding.what(),
                        finding.text() + ".",
                        level == Level.OK ? "" : REMEDIES.getOrDefault(finding.what(), ""));
            }
        }
    }

    /** A self-signed certificate is a note of the check; clients ask their users about it. */
    private static Level level(Finding finding) {
        return switch (finding.level()) {
            case OK -> Level.OK;
            case NOTE -> finding.what().equals("chain") ? Level.WARN : Level.OK;
            case BAD -> Level.FAIL;
        };
    }

    private static String key(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return "RSA key of " + rsa.getModulus().bitLength() + " bits";
        }
        return key instanceof ECPublicKey ec
                ? "EC key of " + ec.getParams().getOrder().bitLength() + " bits"
                : key.getAlgorithm() + " key";
    }
}
