package flotilla.node.tls;

import java.util.Arrays;
import java.util.List;

/**
 * The TLS that a listener offers to its clients, on control and on data connections.
 *
 * @param policy where it begins
 * @param min the lowest version
 * @param max the highest version
 * @param suites cipher suites of these versions, the preferred ones first
 * @param groups groups for the key exchange, the preferred ones first
 */
public record TlsOffer(
        TlsPolicy policy, TlsVersion min, TlsVersion max, List<CipherSuite> suites, List<KeyGroup> groups) {
    public TlsOffer {
        suites = List.copyOf(suites);
        groups = List.copyOf(groups);
        if (min.compareTo(max) > 0 || groups.isEmpty()) {
            throw new IllegalArgumentException("no version or no group");
        }
    }

    /** All that a policy has. */
    public static TlsOffer of(TlsPolicy policy) {
        return new TlsOffer(policy, policy.lowest(), TlsVersion.TLS_1_3, policy.suites(), policy.groups());
    }

    /** Returns true when a version is offered. */
    public boolean has(TlsVersion version) {
        return version.compareTo(min) >= 0 && version.compareTo(max) <= 0;
    }

    /** The suites of a version; empty when the version is not offered. */
    public List<CipherSuite> suites(TlsVersion version) {
        return suites.stream()
                .filter(suite -> suite.version() == version && has(version))
                .toList();
    }

    /** The same offer without TLS 1.3. */
    TlsOffer below13() {
        return new TlsOffer(policy, min, TlsVersion.TLS_1_2, suites, groups);
    }

    /** Returns true when TLS 1.3 is offered without one of its suites. */
    boolean limitsTls13() {
        return has(TlsVersion.TLS_1_3)
                && Arrays.stream(CipherSuite.values())
                        .anyMatch(suite -> suite.version() == TlsVersion.TLS_1_3 && !suites.contains(suite));
    }

    /** The offered versions by the names of Java. */
    String[] protocols() {
        return Arrays.stream(TlsVersion.values())
                .filter(this::has)
                .map(TlsVersion::protocol)
                .toArray(String[]::new);
    }

    /** The suites by the names of Java, which are those of IANA. */
    List<String> suiteNames() {
        return suites.stream()
                .filter(suite -> has(suite.version()))
                .map(CipherSuite::name)
                .toList();
    }
}
