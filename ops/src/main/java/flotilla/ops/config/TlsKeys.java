package flotilla.ops.config;

import flotilla.node.tls.CipherSuite;
import flotilla.node.tls.KeyGroup;
import flotilla.node.tls.OcspSettings;
import flotilla.node.tls.RevocationLists;
import flotilla.node.tls.TlsOffer;
import flotilla.node.tls.TlsPolicy;
import flotilla.node.tls.TlsSettings;
import flotilla.node.tls.TlsSettings.ClientAuth;
import flotilla.node.tls.TlsVersion;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The keys about TLS between clients and the server. */
final class TlsKeys {
    private final Keys keys;
    private final CertificateKeys certificates;

    TlsKeys(Keys keys, CertificateKeys certificates) {
        this.keys = keys;
        this.certificates = certificates;
    }

    TlsSettings read() {
        ClientAuth clientAuth = keys.choice("flotilla.tls.client-certificates", ClientAuth.class);
        String ca = keys.text("flotilla.tls.client-ca");
        if (clientAuth != ClientAuth.OFF && ca.isEmpty()) {
            keys.note("flotilla.tls.client-ca", "is needed when client certificates are asked for");
        }
        if (!ca.isEmpty() && !Files.isReadable(Path.of(ca))) {
            keys.note("flotilla.tls.client-ca", "cannot be read: " + ca);
        }
        TlsPolicy explicit = policy("explicit");
        TlsPolicy implicit = policy("implicit");
        SessionReuse reuse = keys.choice("flotilla.tls.data-session-reuse", SessionReuse.class);
        return new TlsSettings(
                certificates.read(explicit == TlsPolicy.FIPS ? explicit : implicit),
                offer("explicit", explicit),
                offer("implicit", implicit),
                clientAuth,
                ca.isEmpty() ? Optional.empty() : Optional.of(Path.of(ca).toAbsolutePath()),
                revocations(clientAuth),
                ticketLifetime(),
                ocsp(),
                reuse != SessionReuse.OFF,
                reuse == SessionReuse.REQUIRE);
    }

    /** Returns how long a session ticket can be resumed. */
    Duration ticketLifetime() {
        return keys.duration("flotilla.tls.ticket-rotation", Duration.ofMinutes(1))
                .multipliedBy(3);
    }

    private TlsPolicy policy(String listener) {
        return keys.choice(decisive(listener, "policy"), TlsPolicy.class);
    }

    private OcspSettings ocsp() {
        String key = "flotilla.tls.ocsp.staple";
        String staple = keys.text(key);
        Optional<Path> file = List.of("off", "auto").contains(staple)
                ? Optional.empty()
                : Optional.of(Path.of(staple).toAbsolutePath());
        if (file.filter(path -> !Files.isReadable(path)).isPresent()) {
            keys.note(key, "must be off, auto, or a file that can be read, not " + staple);
        }
        return new OcspSettings(
                !staple.equals("off"),
                file,
                keys.duration("flotilla.tls.ocsp.timeout", Duration.ofMillis(100)),
                keys.number("flotilla.tls.ocsp.max-response", 1024, 1 << 20));
    }

    private Optional<Path> revocations(ClientAuth clientAuth) {
        String crl = keys.text("flotilla.tls.client-crl");
        if (crl.isEmpty()) {
            return Optional.empty();
        }
        Path file = Path.of(crl).toAbsolutePath();
        if (clientAuth == ClientAuth.OFF) {
            keys.note("flotilla.tls.client-crl", "is of no use while client certificates are not asked for");
        } else {
            RevocationLists.problem(file).ifPresent(problem -> keys.note("flotilla.tls.client-crl", problem));
        }
        return Optional.of(file);
    }

    private TlsOffer offer(String listener, TlsPolicy policy) {
        TlsVersion min = version(listener, "min", policy.lowest());
        TlsVersion max = version(listener, "max", TlsVersion.TLS_1_3);
        if (min.compareTo(policy.lowest()) < 0) {
            keys.note(
                    decisive(listener, "min"),
                    "cannot be " + min.number() + " while " + decisive(listener, "policy")
                            + " is modern: it has only TLS 1.3");
            return TlsOffer.of(policy);
        }
        if (min.compareTo(max) > 0) {
            String text = "no version is left: the lowest is " + min.number() + ", the highest is " + max.number();
            keys.note(decisive(listener, policy.lowest() == min ? "max" : "min"), text);
            return TlsOffer.of(policy);
        }
        return new TlsOffer(policy, min, max, suites(listener, policy), groups(listener, policy));
    }

    /** Returns the key that holds: the listener's own, unless it is empty. */
    private String decisive(String listener, String part) {
        String own = "flotilla.listeners." + listener + ".tls-" + part;
        return keys.text(own).isEmpty() ? "flotilla.tls." + part : own;
    }

    /** Does the same for a list. */
    private String decisiveList(String listener, String part) {
        String own = "flotilla.listeners." + listener + ".tls-" + part;
        return keys.texts(own).isEmpty() ? "flotilla.tls." + part : own;
    }

    private TlsVersion version(String listener, String end, TlsVersion otherwise) {
        String key = decisive(listener, end);
        String text = keys.text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        Optional<TlsVersion> version = TlsVersion.of(text);
        if (version.isEmpty()) {
            keys.note(key, "must be 1.2 or 1.3, not " + text);
        }
        return version.orElse(otherwise);
    }

    /**
     * Returns the suites that are named, and those of the policy for a version of which none is named: a list for TLS
     * 1.2 alone, as other servers have it, does not switch TLS 1.3 off.
     */
    private List<CipherSuite> suites(String listener, TlsPolicy policy) {
        String key = decisiveList(listener, "suites");
        List<CipherSuite> named = named(
                key,
                CipherSuite::of,
                Arrays.stream(CipherSuite.values())
                        .flatMap(suite -> Stream.of(suite.name(), suite.openSslName()))
                        .toList(),
                "a cipher suite that the server has");
        if (policy == TlsPolicy.FIPS) {
            named.stream()
                    .filter(suite -> !suite.isApproved())
                    .forEach(suite -> keys.note(
                            key,
                            suite.name() + " is not approved by NIST: " + decisive(listener, "policy") + " is fips"));
        }
        List<CipherSuite> suites = new ArrayList<>();
        for (TlsVersion version : List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)) {
            List<CipherSuite> own =
                    named.stream().filter(suite -> suite.version() == version).toList();
            suites.addAll(
                    own.isEmpty()
                            ? policy.suites().stream()
                                    .filter(suite -> suite.version() == version)
                                    .toList()
                            : own);
        }
        return suites;
    }

    private List<KeyGroup> groups(String listener, TlsPolicy policy) {
        String key = decisiveList(listener, "groups");
        List<KeyGroup> named = named(
                key,
                KeyGroup::of,
                Arrays.stream(KeyGroup.values())
                        .flatMap(group -> Stream.of(group.openSslName(), group.ianaName()))
                        .toList(),
                "a group that the server has");
        if (policy == TlsPolicy.FIPS) {
            named.stream()
                    .filter(group -> !group.isApproved())
                    .forEach(group -> keys.note(
                            key,
                            group.openSslName() + " is not approved by NIST: " + decisive(listener, "policy")
                                    + " is fips"));
        }
        return named.isEmpty() ? policy.groups() : named;
    }

    /** Reads names in a list. Colons may separate them, too, as in the lists of OpenSSL. */
    private <T> List<T> named(String key, Function<String, Optional<T>> find, List<String> known, String kind) {
        Set<T> found = new LinkedHashSet<>();
        for (String text : keys.texts(key)) {
            for (String name : text.split(":")) {
                Optional<T> one = find.apply(name.trim());
                if (one.isEmpty()) {
                    keys.note(key, name.trim() + " is not " + kind + Suggestion.of(name.trim(), known));
                }
                one.ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }
}
