package flotilla.node.auth;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import flotilla.cluster.User.TlsRequirement;
import java.util.List;
import java.util.Set;

/**
 * The user of anonymous logins.
 *
 * @param home {@link User#home}
 * @param bytesPerSecond rate that all anonymous uploads share, and all downloads; 0 for no limit
 * @param maxSessions anonymous sessions in the cluster; 0 for the limit of users
 * @param tlsRequired whether the control connection must be encrypted; otherwise all may be in clear, whatever the
 *     listener demands of others
 */
public record AnonymousSettings(String home, Write write, long bytesPerSecond, int maxSessions, boolean tlsRequired) {
    /** The names that stand for it, as an account would have them. */
    public static final List<String> NAMES = List.of("anonymous", "ftp");

    /** What the client may change. */
    public enum Write {
        /** Nothing: files are listed and read. */
        NONE,
        /** New files are stored; nothing is listed, read, replaced or removed. */
        DROP_BOX
    }

    /** Returns true for a name that USER gives for an anonymous login. */
    public static boolean isName(String name) {
        return NAMES.stream().anyMatch(name::equalsIgnoreCase);
    }

    /** The account that holds for it. */
    public User user() {
        Set<Permission> allowed =
                write == Write.NONE ? Set.of(Permission.READ, Permission.LIST) : Set.of(Permission.WRITE);
        return User.create(NAMES.get(0), "", home)
                .change()
                .rules(List.of(new PathRule("/", allowed)))
                .readOnly(write == Write.NONE)
                .uploadBytesPerSecond(bytesPerSecond)
                .downloadBytesPerSecond(bytesPerSecond)
                .maxSessions(maxSessions)
                .tls(tlsRequired ? TlsRequirement.CONTROL : TlsRequirement.LISTENER)
                .make();
    }
}
