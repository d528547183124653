package flotilla.node.control;

import flotilla.node.protocol.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** The settings of a node's control connections. */
public record ControlSettings(Listeners listeners, Admission admission, Times times, Lines lines) {
    /**
     * The listening sockets.
     *
     * @param bind addresses to listen on
     * @param explicitPort port for AUTH TLS; 0 for off
     * @param implicitPort port for TLS from the first byte; 0 for off
     * @param backlog backlog of each socket, in connections
     * @param proxy the use of PROXY headers
     */
    public record Listeners(List<InetAddress> bind, int explicitPort, int implicitPort, int backlog, Proxy proxy) {
        public Listeners {
            bind = List.copyOf(bind);
        }
    }

    /**
     * The admission of connections.
     *
     * @param maxSessions sessions in the whole cluster; 0 for no limit
     * @param maxPerNode control connections of this node; 0 for no limit
     * @param maxPerAddress sessions of one address or IPv6 /64 in the whole cluster; 0 for no limit
     * @param maxUnauthenticatedPerAddress connections of one address or IPv6 /64 to this node that have not logged in;
     *     0 for no limit
     * @param maxWaiting connections that may wait for their slots at once
     * @param secondLook pause before a connection that found no slot asks again
     */
    public record Admission(
            int maxSessions,
            int maxPerNode,
            int maxPerAddress,
            int maxUnauthenticatedPerAddress,
            int maxWaiting,
            Duration secondLook) {

        /** Returns the most control connections that this node may have to hold; 0 for no limit. */
        public int mostHere() {
            return maxPerNode == 0 || maxSessions > 0 && maxSessions < maxPerNode ? maxSessions : maxPerNode;
        }
    }

    /**
     * The longest times.
     *
     * @param login from accept to 230
     * @param idle without a command or transfer
     * @param handshake of a TLS handshake
     * @param write that a client may leave its replies unread
     * @param uploadGrace that an upload may continue after its client has closed its sending half without QUIT
     * @param lifetime of a session; it ends when idle
     */
    public record Times(
            Duration login,
            Duration idle,
            Duration handshake,
            Duration write,
            Duration uploadGrace,
            Duration lifetime) {}

    /**
     * The lines that clients send.
     *
     * @param maxBytesBeforeLogin bytes of a line before login
     * @param maxBytes bytes of a line after login
     * @param maxQueued commands that are read ahead of the current one
     * @param maxUnknownBeforeLogin unknown commands before login that end the connection
     */
    public record Lines(int maxBytesBeforeLogin, int maxBytes, int maxQueued, int maxUnknownBeforeLogin) {}
}
