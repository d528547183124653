package flotilla.node.tls;

import java.util.Arrays;
import java.util.List;

/** What the server offers to clients unless single keys say something else (docs/secure/tls.md). */
public enum TlsPolicy {
    /** TLS 1.2 and 1.3, with all suites and groups. */
    INTERMEDIATE,
    /** TLS 1.3 only, with all of its suites and all groups. */
    MODERN,
    /** TLS 1.2 and 1.3, with the suites and groups that NIST approves (SP 800-52r2). */
    FIPS;

    public TlsVersion lowest() {
        return this == MODERN ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2;
    }

    /** The suites of the policy, of its versions, in the order of the server. */
    public List<CipherSuite> suites() {
        return Arrays.stream(CipherSuite.values())
                .filter(suite -> suite.version().compareTo(lowest()) >= 0)
                .filter(suite -> this != FIPS || suite.isApproved())
                .toList();
    }

    /** The groups of the policy, in the order of the server. */
    public List<KeyGroup> groups() {
        return Arrays.stream(KeyGroup.values())
                .filter(group -> this != FIPS || group.isApproved())
                .toList();
    }
}
