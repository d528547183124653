package flotilla.node.control;

import flotilla.node.protocol.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a node's control connections.
 *
 * @param bind addresses to listen on
 * @param explicitPort port for AUTH TLS; 0 for off
 * @param implicitPort port for TLS from the first byte; 0 for off
 * @param maxSessions sessions in the whole cluster; 0 for no limit
 * @param maxPerAddress sessions of one address or IPv6 /64 in the whole cluster; 0 for no limit
 * @param maxUnauthenticatedPerAddress connections of one address or IPv6 /64 to this node that have not logged in; 0
 *     for no limit
 * @param loginTimeout longest time from accept to 230
 * @param idleTimeout longest time without a command or transfer
 * @param handshakeTimeout longest time for a TLS handshake
 * @param writeTimeout how long a client may leave its replies unread
 * @param uploadGrace how long an upload may continue after its client has closed its sending half without QUIT
 * @param maxLifetime longest time of a session; it ends when idle
 * @param maxLineBeforeLogin longest line before login, in bytes
 * @param maxLine longest line after login, in bytes
 * @param maxQueuedLines commands that are read ahead of the current one
 * @param maxUnknownBeforeLogin unknown commands before login that end the connection
 * @param maxWaiting connections that may wait for their slots at once
 * @param secondLook pause before a connection that found no slot asks again
 * @param backlog backlog of the listening sockets, in connections
 * @param proxy the use of PROXY headers
 */
public record ControlSettings(
        List<InetAddress> bind,
        int explicitPort,
        int implicitPort,
        int maxSessions,
        int maxPerAddress,
        int maxUnauthenticatedPerAddress,
        Duration loginTimeout,
        Duration idleTimeout,
        Duration handshakeTimeout,
        Duration writeTimeout,
        Duration uploadGrace,
        Duration maxLifetime,
        int maxLineBeforeLogin,
        int maxLine,
        int maxQueuedLines,
        int maxUnknownBeforeLogin,
        int maxWaiting,
        Duration secondLook,
        int backlog,
        Proxy proxy) {

    public ControlSettings {
        bind = List.copyOf(bind);
    }
}
