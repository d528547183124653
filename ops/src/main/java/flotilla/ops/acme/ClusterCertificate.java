package flotilla.ops.acme;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.CertificateWish;
import flotilla.node.tls.KeyChoice;
import flotilla.node.tls.KeyMaterial;
import flotilla.ops.acme.AcmeStore.Kept;
import flotilla.ops.config.AcmeSettings;
import flotilla.ops.local.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's certificate in the vault, and this node's copy in a file. The server reads the file as it reads those
 * that are configured, so a node that starts without its database has a certificate, too.
 */
public final class ClusterCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterCertificate.class);
    private static final Duration STAND_IN = Duration.ofDays(90);

    private final AcmeSettings settings;
    private final AcmeStore store;
    /** Used by one thread at a time. */
    private Reload reload = () -> {};

    private long inService;

    ClusterCertificate(AcmeSettings settings, AcmeStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** Makes the server read its certificates again. */
    @FunctionalInterface
    public interface Reload {
        /**
         * Reads them.
         *
         * @throws CertificateProblem when one cannot be used; the present ones stay in service
         */
        void perform() throws CertificateProblem;
    }

    /** The certificate in the vault, and its version. */
    record Issued(Optional<KeyMaterial> material, Kept kept) {
        /**
         * When the next one is to be ordered; now when there is none, or one of these names is not in it. An
         * authority may add names.
         *
         * @param before time before the end; empty for a third of the life
         */
        Instant renewal(Set<String> names, Optional<Duration> before) {
            if (material.isEmpty() || !dnsNames(material.get().leaf()).containsAll(names)) {
                return Instant.EPOCH;
            }
            Instant begin = material.get().leaf().getNotBefore().toInstant();
            Instant end = material.get().leaf().getNotAfter().toInstant();
            return end.minus(before.orElse(Duration.between(begin, end).dividedBy(3)));
        }
    }

    /** Says how the server reads the file again. */
    void reloads(Reload how) {
        reload = how;
    }

    /** Makes sure that there is a file: the cluster's certificate, or one that stands in until there is one. */
    void keep() throws IOException, CertificateProblem, InterruptedException {
        try {
            copy();
        } catch (AcmeProblem unreachable) {
            LOG.warn("the certificate of the cluster is not known yet: {}", unreachable.text());
        }
        if (!Files.exists(settings.file())) {
            PrivateFile.write(settings.file(), CertificateMaker.pem(standIn()));
        }
    }

    private KeyMaterial standIn() throws CertificateProblem {
        if (settings.standIn().isPresent()) {
            var files = settings.standIn().get();
            return KeyMaterial.read(files.certificate(), files.privateKey(), files.password());
        }
        return CertificateMaker.selfSigned(
                KeyChoice.EC, new CertificateWish("", settings.names(), List.of()), STAND_IN);
    }

    /** Copies the certificate of the cluster to this node's file when it is another one. */
    Issued copy() throws AcmeProblem, InterruptedException {
        Kept kept = store.read(AcmeStore.CERTIFICATE);
        if (!kept.isThere()) {
            return new Issued(Optional.empty(), kept);
        }
        try {
            if (kept.version() != inService) {
                if (!Files.exists(settings.file())
                        || !Files.readString(settings.file()).equals(kept.text())) {
                    PrivateFile.write(settings.file(), kept.text());
                    LOG.info("the certificate of the cluster has changed: {} is written", settings.file());
                }
                reload.perform();
                inService = kept.version();
            }
            return new Issued(Optional.of(KeyMaterial.read(settings.file(), settings.file(), "")), kept);
        } catch (IOException e) {
            throw new AcmeProblem(settings.file() + " cannot be written: " + e);
        } catch (CertificateProblem e) {
            inService = 0; // somebody has changed the file: it is written again
            throw new AcmeProblem(settings.file() + " " + e.getMessage());
        }
    }

    /** Puts a certificate in the place of the one that the caller has seen, for all nodes. */
    void publish(Kept seen, KeyMaterial material) throws AcmeProblem, InterruptedException {
        try {
            if (!store.replace(AcmeStore.CERTIFICATE, seen, CertificateMaker.pem(material))) {
                throw new AcmeProblem("another node has a new certificate already");
            }
        } catch (IOException e) {
            throw new AcmeProblem("the certificate cannot be written: " + e);
        }
    }

    /** Says in words, by name, what this node's copy is, until when it is valid, and when it is renewed. */
    Map<String, String> describe() {
        try {
            KeyMaterial here = KeyMaterial.read(settings.file(), settings.file(), "");
            Instant end = here.leaf().getNotAfter().toInstant();
            Instant renewal = new Issued(Optional.of(here), Kept.NOTHING)
                    .renewal(dnsNames(here.leaf()), settings.renewBefore())
                    .truncatedTo(ChronoUnit.SECONDS);
            Map<String, String> words = new LinkedHashMap<>();
            words.put("certificate", settings.file().toString());
            words.put("serial", here.leaf().getSerialNumber().toString(16));
            words.put("until", end + " (" + Duration.between(Instant.now(), end).toDays() + " days left)");
            words.put("renewal", "from " + renewal + " on");
            return words;
        } catch (CertificateProblem e) {
            return Map.of("certificate", settings.file() + " " + e.getMessage());
        }
    }

    private static Set<String> dnsNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.toSet());
        } catch (CertificateParsingException e) {
            return Set.of();
        }
    }
}
