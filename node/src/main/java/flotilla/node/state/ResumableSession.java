package flotilla.node.state;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.util.Arrays;

/**
 * The secrets with which any node can resume the TLS 1.2 session of a control connection by its session id (RFC 5246,
 * sections 7.3 and F.1.4), for clients without session tickets. It is a secret: no log holds it, and it ends with the
 * FTP session.
 *
 * @param id id of the TLS session, 1 to 32 bytes
 * @param masterSecret 48 bytes (RFC 5246, section 8.1)
 * @param cipherSuite number of the suite, such as 0xC02B
 * @param extendedMasterSecret true when the secret is bound to its handshake (RFC 7627)
 * @param clientCertificate SHA-256 of the client's leaf certificate, in lower-case hex; empty for none
 * @param cache identifies the BoringSSL cache that holds the session, too
 */
public record ResumableSession(
        @Tag(1) byte[] id,
        @Tag(2) byte[] masterSecret,
        @Tag(3) int cipherSuite,
        @Tag(4) boolean extendedMasterSecret,
        @Tag(5) String clientCertificate,
        @Tag(6) long cache)
        implements Wire {
    public static final int MASTER_SECRET_BYTES = 48;

    @Override
    public boolean equals(Object other) {
        return other instanceof ResumableSession that
                && Arrays.equals(id, that.id)
                && Arrays.equals(masterSecret, that.masterSecret)
                && cipherSuite == that.cipherSuite
                && extendedMasterSecret == that.extendedMasterSecret
                && clientCertificate.equals(that.clientCertificate)
                && cache == that.cache;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(id);
    }

    @Override
    public String toString() {
        return "ResumableSession[***]";
    }
}
