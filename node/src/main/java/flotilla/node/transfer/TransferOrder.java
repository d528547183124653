package flotilla.node.transfer;

import flotilla.cluster.MountPoint;
import flotilla.cluster.PathRule;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.state.ResumableSession;
import flotilla.node.tree.Mount;
import flotilla.node.tree.MountTable;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A transfer with all that the node of the data connection needs; that node looks nothing up.
 *
 * @param transferId unique within the session
 * @param home {@link Mount#home}
 * @param rules {@link Mount#rules}
 * @param readOnly {@link Mount#readOnly}
 * @param user name of the user, for rates and quotas
 * @param bytesPerSecond rate that the user's transfers in that direction share; 0 for no limit
 * @param quotaBytes the user's quota in bytes; 0 for none
 * @param quotaFiles the user's quota in files; 0 for none
 * @param umask {@link Mount#umask}
 * @param encoding name of the encoding of names in a listing; empty for UTF-8
 * @param deflateLevel level of compression in MODE Z, 1 to 9; 0 for MODE S
 * @param mounts the points of {@link Mount#mounts}
 * @param client the client's address; empty from an older node
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
        @Tag(11) long quotaFiles,
        @Tag(12) String umask,
        @Tag(13) int deflateLevel,
        @Tag(14) String encoding,
        @Tag(15) List<MountPoint> mounts,
        @Tag(16) Optional<InetAddress> client)
        implements Wire {

    /**
     * The protection of the data connection.
     *
     * @param tls true after PROT P
     * @param certificate name of the control connection's server certificate
     * @param reuse says if the TLS session must be the control connection's
     * @param clientCertificate SHA-256 of the client's leaf certificate on the control connection; empty for none
     * @param acceptMissingCloseNotify true when an upload may end by FIN alone
     * @param resumable the TLS session of the control connection, when no ticket carries it
     * @param user name of the logged-in user; empty from an older node
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

        /** The same for a data connection whose TLS session alone proves its owner. */
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

        /** The protection for a session that only tickets can resume. */
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
        mounts = List.copyOf(mounts);
    }

    /** Returns true when the data connection moves a zlib stream. */
    public boolean isCompressed() {
        return deflateLevel > 0;
    }

    /** The part of the storage that the user sees. */
    public Mount mount() {
        return new Mount(home, rules, readOnly, umask, MountTable.of(mounts));
    }

    /** The one tree of {@link #mount} where the transfer takes place. */
    public Mount place() {
        if (mounts.isEmpty()) {
            return mount();
        }
        try {
            return mount().at(VirtualPath.of(transfer.path()));
        } catch (StorageException noPath) {
            return mount().at(Optional.empty());
        }
    }
}
