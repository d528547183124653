package flotilla.node.state;

import flotilla.cluster.Holder;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;

/**
 * The control connection as the client sees it: with PROXY protocol, the addresses the balancer told.
 *
 * @param client who connected
 * @param local the address the client dialled
 * @param controlNode name of the node that holds the socket
 * @param controlMember its {@link flotilla.cluster.ClusterNode#memberId}
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

    /** The session as the holder of what it takes. */
    public Holder holder() {
        return new Holder(sessionId, controlMember);
    }

    public boolean isIpv4() {
        return client instanceof Inet4Address;
    }
}
