package flotilla.node.tls;

import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates in service, each with what the listeners offer. It chooses one for each client. A name stands for a
 * certificate and an offer, on every node with the same configuration: data connections get the same as their control
 * connection.
 */
final class Services {
    private static final String IMPLICIT = "@implicit";
    private static final String BELOW_1_3 = "@1.2";

    private final TlsSettings settings;
    private final boolean tls13IsFixed;
    private final List<Certified> certificates = new ArrayList<>();
    private final List<Service> all = new ArrayList<>();

    /** A certificate and what is offered with it. */
    record Service(String name, KeyMaterial material, TlsOffer offer) {}

    /** A certificate, and the DNS names that it covers. */
    private record Certified(String name, List<String> hosts, KeyMaterial material) {
        Optional<String> covering(String host) {
            return hosts.stream()
                    .filter(name -> Certificates.covers(name, host))
                    .findFirst();
        }
    }

    private Services(TlsSettings settings, boolean tls13IsFixed) {
        this.settings = settings;
        this.tls13IsFixed = tls13IsFixed;
    }

    /**
     * Reads the certificates.
     *
     * @param tls13IsFixed true when the library offers all suites of TLS 1.3 whatever it is told
     * @throws CertificateProblem when a certificate or key cannot be used
     */
    static Services read(TlsSettings settings, boolean tls13IsFixed) throws CertificateProblem {
        Services services = new Services(settings, tls13IsFixed);
        Set<String> taken = new HashSet<>();
        for (CertificateFiles files : settings.certificates()) {
            KeyMaterial material = KeyMaterial.read(files.certificate(), files.privateKey(), files.password());
            String name = unused(files.certificate().getFileName().toString(), taken);
            services.certificates.add(new Certified(name, Certificates.names(material.leaf()), material));
            services.add(name, material, settings.explicit());
            if (services.differ()) {
                services.add(name + IMPLICIT, material, settings.implicit());
            }
        }
        return services;
    }

    private void add(String name, KeyMaterial material, TlsOffer offer) {
        all.add(new Service(name, material, offer));
        if (tls13IsFixed && offer.limitsTls13() && offer.has(TlsVersion.TLS_1_2)) {
            all.add(new Service(name + BELOW_1_3, material, offer.below13()));
        }
    }

    private boolean differ() {
        return !settings.explicit().equals(settings.implicit());
    }

    /** Two files of the same name in different directories are two certificates. */
    private static String unused(String file, Set<String> taken) {
        String name = file;
        for (int i = 2; !taken.add(name); i++) {
            name = file + "#" + i;
        }
        return name;
    }

    /** All services. The first one stands for unknown names. */
    List<Service> all() {
        return List.copyOf(all);
    }

    /** The certificates and their keys by the names of their files. */
    Map<String, KeyMaterial> materials() {
        Map<String, KeyMaterial> materials = new LinkedHashMap<>();
        certificates.forEach(one -> materials.put(one.name(), one.material()));
        return materials;
    }

    /** The certificates by the names of their files. */
    Map<String, X509Certificate> leaves() {
        Map<String, X509Certificate> leaves = new LinkedHashMap<>();
        certificates.forEach(one -> leaves.put(one.name(), one.material().leaf()));
        return leaves;
    }

    /**
     * Chooses the service for a client by the host and by what the client can do. Empty when the client could get only
     * what is not offered.
     *
     * @param isImplicit true for a client of the implicit listener
     */
    Optional<String> choose(ClientHello hello, boolean isImplicit) {
        TlsOffer offer = settings.offer(isImplicit);
        boolean below13 = !fitsTls13(offer, hello);
        if (below13 && !offer.has(TlsVersion.TLS_1_2) || !Signatures.areStrong(hello.abilities(), offer)) {
            return Optional.empty();
        }
        Certified chosen = certificate(hello, below13 ? offer.below13() : offer);
        return Optional.of(chosen.name() + (isImplicit && differ() ? IMPLICIT : "") + (below13 ? BELOW_1_3 : ""));
    }

    /** Returns false when the client could get only what is not offered. */
    boolean fits(TlsOffer offer, ClientHello hello) {
        return fitsTls13(offer, hello) && Signatures.areStrong(hello.abilities(), offer);
    }

    /** Returns false when TLS 1.3 would give the client a suite that is not offered. */
    private boolean fitsTls13(TlsOffer offer, ClientHello hello) {
        if (!tls13IsFixed || !offer.limitsTls13() || hello.abilities().equals(ClientAbilities.UNKNOWN)) {
            return !tls13IsFixed || !offer.limitsTls13();
        }
        return !hello.abilities().tls13()
                || BoringSsl.pick(hello.abilities().suites())
                        .filter(offer.suites()::contains)
                        .isPresent();
    }

    /**
     * Returns the first certificate that covers the host. Another one for the same name wins when the client cannot
     * verify the first one, and when it has an EC key and the first one has none: that is faster.
     */
    private Certified certificate(ClientHello hello, TlsOffer offer) {
        String host = hello.serverName().toLowerCase(Locale.ROOT);
        Certified first = certificates.stream()
                .filter(candidate -> candidate.covering(host).isPresent())
                .findFirst()
                .orElse(certificates.get(0));
        List<Certified> sameName = certificates.stream()
                .filter(candidate -> candidate.equals(first) || areAlike(candidate, first, host))
                .filter(candidate -> Signatures.canVerify(hello.abilities(), candidate.material(), offer))
                .toList();
        return sameName.stream()
                .filter(candidate -> candidate.material().kind() == KeyKind.EC)
                .findFirst()
                .or(() -> sameName.stream().findFirst())
                .orElse(first);
    }

    private static boolean areAlike(Certified candidate, Certified first, String host) {
        Optional<String> covering = first.covering(host);
        return covering.isPresent()
                ? candidate.covering(host).equals(covering)
                : candidate.hosts().stream().anyMatch(first.hosts()::contains);
    }
}
