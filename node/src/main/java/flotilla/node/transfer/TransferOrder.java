package flotilla.node.transfer;

import flotilla.cluster.PathRule;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.state.ResumableSession;
import flotilla.node.tree.Mount;
import java.util.List;
import java.util.Optional;

/**
 * A transfer with everything the node of the data connection needs: nothing is looked up again there.
 *
 * @param transferId unique within the session
 * @param home {@link Mount#home}
 * @param rules {@link Mount#rules}
 * @param readOnly {@link Mount#readOnly}
 * @param user for rates and quotas
 * @param bytesPerSecond 0 for no limit, shared by the user's transfers in that direction
 * @param quotaBytes 0 for none
 * @param quotaFiles 0 for none
 */
public record TransferOrder(
        @Tag(1) long transferId,
        @Tag(2) String sessionId,
        @Tag(3) Transfer transfer,
        @Tag(4) String home,
        @Tag(5) List<PathRule> rules,
        @Tag(6) boolean readOnly,
        @Tag(7) Protection protection,
        @Tag(8) String user,
        @Tag(9) long bytesPerSecond,
        @Tag(10) long quotaBytes,
        @Tag(11) long quotaFiles)
        implements Wire {

    /**
     * How the data connection is protected.
     *
     * @param tls PROT P
     * @param certificate name of the server certificate the control connection used
     * @param reuse whether the TLS session must be the control connection's
     * @param clientCertificate SHA-256 of the client's leaf certificate on the control connection, empty for none
     * @param acceptMissingCloseNotify whether an upload may end by FIN alone
     * @param resumable the TLS session of the control connection, where a ticket does not carry it
     * @param user who is logged in; empty from an older node
     */
    public record Protection(
            @Tag(1) boolean tls,
            @Tag(2) String certificate,
            @Tag(3) SessionReuse reuse,
            @Tag(4) String clientCertificate,
            @Tag(5) boolean acceptMissingCloseNotify,
            @Tag(6) Optional<ResumableSession> resumable,
            @Tag(7) String user)
            implements Wire {

        /** The same for a data connection that nothing but its TLS session speaks for. */
        public Protection required() {
            return new Protection(
                    true,
                    certificate,
                    SessionReuse.REQUIRE,
                    clientCertificate,
                    acceptMissingCloseNotify,
                    resumable,
                    user);
        }

        /** Of a session that only tickets resume, if anything does. */
        public Protection(
                boolean tls,
                String certificate,
                SessionReuse reuse,
                String clientCertificate,
                boolean acceptMissingCloseNotify) {
            this(tls, certificate, reuse, clientCertificate, acceptMissingCloseNotify, Optional.empty(), "");
        }
    }

    /** The policy {@code flotilla.tls.data-session-reuse}. */
    public enum SessionReuse {
        REQUIRE,
        PREFER,
        OFF
    }

    public TransferOrder {
        rules = List.copyOf(rules);
    }

    public Mount mount() {
        return new Mount(home, rules, readOnly);
    }
}
