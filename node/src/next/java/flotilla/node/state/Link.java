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
 * @param addedInNext what a release before does not know; its nodes skip it, and what they send lacks it
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
        @Tag(9) UUID controlMember,
        @Tag(10) String addedInNext)
        implements Wire {

    /** As a release makes it that knows no tenth field. */
    public Link(
            String sessionId,
            InetAddress client,
            int clientPort,
            InetAddress local,
            int localPort,
            boolean implicitTls,
            String controlNode,
            Instant since,
            UUID controlMember) {
        this(sessionId, client, clientPort, local, localPort, implicitTls, controlNode, since, controlMember, "next");
    }

    /** The session as the holder of its slots, leases and locks. */
    public Holder holder() {
        return new Holder(sessionId, controlMember);
    }

    /** Returns true when the client's address is IPv4. */
    public boolean isIpv4() {
        return client instanceof Inet4Address;
    }
}
