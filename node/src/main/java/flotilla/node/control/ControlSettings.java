package flotilla.node.control;

import flotilla.node.protocol.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The control connections of a node.
 *
 * @param bind addresses to listen on
 * @param explicitPort for AUTH TLS; 0 for off
 * @param implicitPort for TLS from the first byte; 0 for off
 * @param maxSessions in the whole cluster; 0 for no limit
 * @param maxPerAddress sessions of one address or IPv6 /64; 0 for no limit
 * @param maxUnauthenticatedPerAddress connections of one address or IPv6 /64 to this node that have not logged in; 0 for no limit
 * @param loginTimeout from accept to 230
 * @param idleTimeout without a command or transfer
 * @param handshakeTimeout for TLS
 * @param writeTimeout how long a client may leave its replies unread
 * @param uploadGrace how long an upload goes on whose client has closed its sending half without QUIT
 * @param maxLifetime of a session, ended when idle
 * @param maxLineBeforeLogin bytes
 * @param maxLine bytes, after login
 * @param maxQueuedLines commands read ahead of the one that runs
 * @param maxUnknownBeforeLogin unknown commands before login that end the connection
 * @param maxWaiting connections that wait for their slots at once
 * @param secondLook how long after the first one a connection that found no slot looks again
 * @param backlog of the listening sockets
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
