package flotilla.node.tls;

import flotilla.node.tls.OcspResponse.Unusable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a current OCSP response for each certificate in service. It gets them on a thread of its own. A failure is
 * logged and tried again later; meanwhile the last response is sent until it ends.
 */
final class Stapler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stapler.class);
    private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";
    private static final int STATUS_REQUEST = 5;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);

    private volatile OcspSettings settings;
    private final ScheduledExecutorService thread = thread("flotilla-ocsp");
    /** Ends fetches that take too long. It has no other work. */
    private final ScheduledExecutorService timer = thread("flotilla-ocsp-timer");

    private volatile Map<X509Certificate, Slot> slots = Map.of();

    /** The response for a certificate. */
    final class Slot {
        private final String name;
        private final KeyMaterial material;
        private volatile @Nullable OcspResponse response;
        private volatile boolean gone;
        private Duration retry = FIRST_RETRY;
        private String told = "";

        private Slot(String name, KeyMaterial material) {
            this.name = name;
            this.material = material;
        }

        /** The response to send now; empty for none. */
        Optional<byte[]> current() {
            OcspResponse last = response;
            return last != null && Instant.now().isBefore(last.until())
                    ? Optional.of(last.encoded())
                    : Optional.empty();
        }

        /** Gets a response, and comes again in time. */
        private void refresh() {
            if (gone) {
                return;
            }
            Duration pause;
            try {
                OcspResponse fresh = fetch();
                OcspResponse last = response;
                response = fresh;
                if (last == null || !last.isSame(fresh)) {
                    LOG.info("the OCSP response for {} is good until {}", name, fresh.until());
                }
                retry = FIRST_RETRY;
                told = "";
                pause = settings.file().isPresent() ? FIRST_RETRY : Duration.between(Instant.now(), fresh.refresh());
            } catch (Unusable | IOException | RuntimeException e) {
                failed(e);
                pause = settings.file().isPresent() ? FIRST_RETRY : retry;
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
            }
            if (!thread.isShutdown()) {
                later(this, pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause);
            }
        }

        private void failed(Exception why) {
            String state = current().isPresent()
                    ? "The last one is still sent."
                    : mustStaple(material.leaf())
                            ? "Clients refuse this certificate without one (must-staple)."
                            : "None is sent.";
            String text = why.getMessage() + ". " + state;
            if (!text.equals(told)) {
                LOG.warn("there is no OCSP response for {}: {}", name, text);
            }
            told = text;
        }

        private OcspResponse fetch() throws Unusable, IOException {
            if (material.chain().size() < 2) {
                throw new Unusable("its file lacks the certificate of its issuer");
            }
            X509Certificate leaf = material.leaf();
            X509Certificate issuer = material.chain().get(1);
            byte[] encoded;
            if (settings.file().isPresent()) {
                encoded = read(settings.file().get());
            } else {
                URI responder = OcspResponder.of(leaf)
                        .orElseThrow(() -> new Unusable("it names no responder (authority information access)"));
                encoded = OcspResponder.ask(
                        responder,
                        OcspResponse.request(leaf, issuer),
                        settings.timeout(),
                        settings.maxResponse(),
                        timer);
            }
            return OcspResponse.verified(encoded, leaf, issuer, Instant.now());
        }
    }

    Stapler(OcspSettings settings) {
        this.settings = settings;
    }

    /** The thread begins with its first task. */
    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    private byte[] read(Path file) throws IOException {
        if (Files.size(file) > settings.maxResponse()) {
            throw new IOException(file + " has more than " + settings.maxResponse() + " bytes");
        }
        return Files.readAllBytes(file);
    }

    /**
     * Serves these certificates, and forgets all others. A certificate that was served before keeps its response.
     *
     * @param next the settings from now on
     * @param materials the certificates by the names of their files
     */
    synchronized void serve(OcspSettings next, Map<String, KeyMaterial> materials) {
        boolean same = next.equals(settings);
        settings = next;
        Map<X509Certificate, Slot> fresh = new LinkedHashMap<>();
        Map<String, KeyMaterial> served = next.isOn() ? materials : Map.of();
        served.forEach((name, material) -> {
            Slot known = slots.get(material.leaf());
            Slot slot = same && known != null && known.material.chain().equals(material.chain())
                    ? known
                    : new Slot(name, material);
            if (fresh.putIfAbsent(material.leaf(), slot) == null && slot != known) {
                later(slot, Duration.ZERO);
            }
        });
        slots.values().stream().filter(slot -> !fresh.containsValue(slot)).forEach(slot -> slot.gone = true);
        slots = fresh;
    }

    private void later(Slot slot, Duration pause) {
        thread.schedule(slot::refresh, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The response for a certificate in service; empty for none. */
    Optional<byte[]> current(X509Certificate leaf) {
        Slot slot = slots.get(leaf);
        return slot == null ? Optional.empty() : slot.current();
    }

    /** Returns true when clients refuse the certificate without an OCSP response (RFC 7633). */
    static boolean mustStaple(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(TLS_FEATURE);
        if (extension == null) {
            return false;
        }
        try {
            ASN1Sequence features = ASN1Sequence.getInstance(JcaX509ExtensionUtils.parseExtensionValue(extension));
            return Arrays.stream(features.toArray())
                    .map(ASN1Integer::getInstance)
                    .anyMatch(feature -> feature.hasValue(STATUS_REQUEST));
        } catch (IOException | IllegalArgumentException malformed) {
            return false;
        }
    }

    /** Says which certificates demand a response although none is sent at all. */
    static List<String> unmet(TlsSettings settings, Map<String, X509Certificate> certificates) {
        return settings.ocsp().isOn()
                ? List.of()
                : certificates.entrySet().stream()
                        .filter(one -> mustStaple(one.getValue()))
                        .map(one -> "clients refuse " + one.getKey()
                                + " without an OCSP response (must-staple), but tls.ocsp.staple is off")
                        .toList();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        timer.shutdownNow();
    }
}
