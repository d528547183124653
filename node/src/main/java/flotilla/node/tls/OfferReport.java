package flotilla.node.tls;

import flotilla.node.tls.CertificateMaker.KeyKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tells what clients of a listener can get, and why: the same that the engines do. */
public final class OfferReport {
    private final TlsOffer offer;
    private final List<KeyMaterial> keys;
    private final boolean isBoringSsl;

    /**
     * One thing that TLS can have.
     *
     * @param name the name in IANA's registry
     * @param openSsl the name that OpenSSL uses
     * @param offered true when clients can get it
     * @param reason why, or why not
     */
    public record Item(String name, String openSsl, boolean offered, String reason) {}

    private OfferReport(TlsOffer offer, List<KeyMaterial> keys, boolean isBoringSsl) {
        this.offer = offer;
        this.keys = List.copyOf(keys);
        this.isBoringSsl = isBoringSsl;
    }

    /**
     * Looks at an offer, with the library that this machine loads.
     *
     * @param keys the keys and certificates that are in service
     */
    public static OfferReport of(TlsOffer offer, List<KeyMaterial> keys) {
        return new OfferReport(offer, keys, Tls.isBoringSsl());
    }

    /** The name of the library. */
    public String library() {
        return isBoringSsl ? "BoringSSL" : "JDK TLS";
    }

    /** The versions, and those that servers had once. */
    public List<Item> versions() {
        List<Item> items = new ArrayList<>();
        for (String old : List.of("1.0", "1.1")) {
            items.add(new Item("TLS " + old, "TLSv" + old, false, "never (RFC 8996)"));
        }
        for (TlsVersion version : TlsVersion.values()) {
            items.add(new Item("TLS " + version.number(), version.protocol(), offer.has(version), reason(version)));
        }
        return items;
    }

    private String reason(TlsVersion version) {
        if (!offer.has(version)) {
            return version.compareTo(offer.min()) < 0
                    ? "below the lowest version, " + offer.min().number()
                    : "above the highest version, " + offer.max().number();
        }
        return "from " + offer.min().number() + " to " + offer.max().number();
    }

    /** The suites, in the order of the server, then those that are not offered. */
    public List<Item> suites() {
        Set<CipherSuite> rest = EnumSet.allOf(CipherSuite.class);
        offer.suites().forEach(rest::remove);
        return Stream.concat(offer.suites().stream(), rest.stream())
                .map(suite -> {
                    Optional<String> obstacle = obstacle(suite);
                    return new Item(
                            suite.name(),
                            suite.openSslName(),
                            obstacle.isEmpty(),
                            obstacle.orElseGet(
                                    () -> origin(offer.policy().suites().contains(suite), "tls.suites")));
                })
                .toList();
    }

    private Optional<String> obstacle(CipherSuite suite) {
        if (!offer.suites().contains(suite)) {
            return Optional.of(absence(offer.policy().suites().contains(suite), suite.isApproved(), "tls.suites"));
        }
        if (!offer.has(suite.version())) {
            return Optional.of("TLS " + suite.version().number() + " is not offered");
        }
        Optional<KeyKind> needed = suite.key();
        return needed.isPresent() && keys.stream().noneMatch(key -> key.kind() == needed.get())
                ? Optional.of("no certificate has a key of the kind " + needed.get())
                : Optional.empty();
    }

    private String origin(boolean isOfPolicy, String key) {
        return isOfPolicy ? "policy " + policy() : "named in " + key;
    }

    private String absence(boolean isOfPolicy, boolean isApproved, String key) {
        if (isOfPolicy) {
            return "not named in " + key;
        }
        return "policy " + policy() + (isApproved ? "" : ": not approved by NIST");
    }

    private String policy() {
        return offer.policy().name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The groups for the key exchange, in the order of the server, then those that are not offered. */
    public List<Item> groups() {
        Set<KeyGroup> rest = EnumSet.allOf(KeyGroup.class);
        offer.groups().forEach(rest::remove);
        return Stream.concat(offer.groups().stream(), rest.stream())
                .map(group -> {
                    Optional<String> obstacle = obstacle(group);
                    return new Item(
                            group.ianaName(),
                            group.openSslName(),
                            obstacle.isEmpty(),
                            obstacle.orElseGet(
                                    () -> origin(offer.policy().groups().contains(group), "tls.groups")));
                })
                .toList();
    }

    private Optional<String> obstacle(KeyGroup group) {
        if (!offer.groups().contains(group)) {
            return Optional.of(absence(offer.policy().groups().contains(group), group.isApproved(), "tls.groups"));
        }
        if (group != KeyGroup.X25519MLKEM768) {
            return Optional.empty();
        }
        if (!isBoringSsl || !BoringSsl.knows(group)) {
            return Optional.of(library() + " of this machine does not have it");
        }
        return offer.has(TlsVersion.TLS_1_3) ? Optional.empty() : Optional.of("TLS 1.3 is not offered");
    }

    /** The signature schemes, by certificates' keys. */
    public List<Item> signatures() {
        return keys.stream()
                .flatMap(key -> Arrays.stream(TlsVersion.values())
                        .filter(offer::has)
                        .flatMap(version -> Signatures.names(key, version).stream()))
                .distinct()
                .map(scheme -> new Item(scheme, scheme, true, reason(scheme)))
                .toList();
    }

    private String reason(String scheme) {
        List<String> uses = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            for (KeyMaterial key : keys) {
                if (offer.has(version) && Signatures.names(key, version).contains(scheme)) {
                    uses.add("TLS " + version.number() + " with " + key.describedKey());
                }
            }
        }
        return String.join(", ", uses.stream().distinct().toList());
    }

    /** What an operator must know besides: what the library cannot do. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (isBoringSsl && offer.limitsTls13()) {
            notes.add(
                    "BoringSSL cannot leave out a suite of TLS 1.3. A client that would get one that is not offered gets "
                            + (offer.has(TlsVersion.TLS_1_2) ? "TLS 1.2." : "no connection."));
        }
        if (isBoringSsl && offer.has(TlsVersion.TLS_1_3)) {
            notes.add("Among suites of TLS 1.3, the client's order decides.");
        }
        if (!isBoringSsl) {
            JdkGroups.missing(offer).ifPresent(notes::add);
        }
        return notes;
    }
}
