package flotilla.ops.config;

import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import flotilla.node.tls.TlsPolicy;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys about certificates. It reads each pair at once, so that a wrong one is found before the server starts. */
final class CertificateKeys {
    private static final String CERTIFICATE = "flotilla.tls.certificate";

    private final Keys keys;
    private final Path generated;
    private final Path ofAuthority;
    private final boolean isGenerated;
    private final boolean isFromAuthority;

    CertificateKeys(Keys keys, Path dataDir) {
        this.keys = keys;
        this.generated = dataDir.resolve("tls").resolve("server.pem");
        this.ofAuthority = dataDir.resolve("tls").resolve("acme.pem");
        this.isFromAuthority = keys.flag(AcmeKeys.ENABLED);
        this.isGenerated = keys.text(CERTIFICATE).isEmpty() && !isFromAuthority;
    }

    /** Returns where the certificate of an authority (ACME) is kept. */
    Path ofAuthority() {
        return ofAuthority;
    }

    /** Returns the configured certificate; empty without one. */
    Optional<CertificateFiles> configured() {
        if (keys.text(CERTIFICATE).isEmpty()) {
            return Optional.empty();
        }
        Path certificate = keys.path(CERTIFICATE, generated);
        return Optional.of(new CertificateFiles(
                certificate,
                keys.path("flotilla.tls.private-key", certificate),
                keys.text("flotilla.tls.key-password")));
    }

    /** Returns where to create a certificate if there is none; empty when one is configured. */
    Optional<Path> generated() {
        return isGenerated ? Optional.of(generated) : Optional.empty();
    }

    /** Notes that there is no certificate although nodes with one address must show the same one. */
    void requireOne() {
        if (isGenerated) {
            keys.note(
                    CERTIFICATE,
                    "is needed when there are seeds: clients meet all nodes behind one address, and each would make"
                            + " a certificate of its own");
        }
    }

    /**
     * Reads and checks the certificates.
     *
     * @param policy fips refuses keys that NIST does not approve
     */
    List<CertificateFiles> read(TlsPolicy policy) {
        List<CertificateFiles> files = new ArrayList<>();
        if (isFromAuthority) {
            files.add(new CertificateFiles(ofAuthority, ofAuthority, ""));
        } else if (isGenerated) {
            files.add(new CertificateFiles(generated, generated, ""));
        }
        configured().ifPresent(configured -> {
            check(CERTIFICATE, configured, policy);
            files.add(configured);
        });
        for (CertificateFiles additional : keys.certificates("flotilla.tls.additional")) {
            check("flotilla.tls.additional", additional, policy);
            files.add(additional);
        }
        return files;
    }

    private void check(String key, CertificateFiles files, TlsPolicy policy) {
        try {
            KeyMaterial material = KeyMaterial.read(files.certificate(), files.privateKey(), files.password());
            if (policy == TlsPolicy.FIPS && !material.isApproved()) {
                keys.note(key, files.certificate() + ": its key is not approved by NIST: flotilla.tls.policy is fips");
            }
            if (keys.isRunning()) {
                return;
            }
            Instant now = Instant.now();
            Instant begin = material.leaf().getNotBefore().toInstant();
            Instant end = material.leaf().getNotAfter().toInstant();
            if (now.isAfter(end)) {
                keys.note(key, files.certificate() + " expired on " + end);
            } else if (now.isBefore(begin)) {
                keys.note(
                        key,
                        files.certificate() + " is valid only from " + begin
                                + " on: is the clock of this machine right?");
            }
        } catch (CertificateProblem problem) {
            keys.note(key, files.certificate() + ": " + problem.getMessage());
        }
    }
}
