package flotilla.node.state;

import flotilla.cluster.Holder;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;

/**
 * The control connection as the client sees it. With a PROXY header, the addresses are those of the header.
 *
 * @param client address of the client
 * @param local the address that the client dialled
 * @param implicitTls true when the client dialled the port for TLS from the first byte
 * @param controlNode name of the node that has the socket
 * @param since time of the accept
 * @param controlMember that node's {@link flotilla.cluster.ClusterNode#memberId}
 */
public record Link(
        @Tag(1) String sessionId,
        @Tag(2) InetAddress client,
        @Tag(3) int clientPort,
        @Tag(4) InetAddress local,
        @Tag(5) int localPort,
        @Tag(6) boolean implicitTls,
        @Tag(7) String controlNode,
        @Tag(8) Instant since,
        @Tag(9) UUID controlMember)
        implements Wire {

    /** The session as the holder of its slots, leases and locks. */
    public Holder holder() {
        return new Holder(sessionId, controlMember);
    }

    /** Returns true when the client's address is IPv4. */
    public boolean isIpv4() {
        return client instanceof Inet4Address;
    }
}
