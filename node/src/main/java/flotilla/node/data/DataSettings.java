package flotilla.node.data;

import flotilla.node.protocol.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a node's data connections.
 *
 * @param bind addresses on which the passive ports are opened
 * @param ports the passive ports
 * @param maxWaiting data connections whose lease may be looked up at once
 * @param secondWait how long a second connection to a lease waits until the first one has proved itself; zero to refuse
 *     it at once
 * @param foreignWaiting number of sockets without a lease of their address that may wait until their TLS session tells
 *     their owner; 0 to close them
 * @param maxTransfers data connections that may move bytes at once
 * @param bufferBytes size of a transfer's plaintext buffer, in bytes
 * @param handshakeTimeout longest time for a TLS handshake
 * @param stallTimeout longest time without a byte
 * @param connectTimeout longest time to connect in active mode
 * @param idleTimeout how long an accepted data connection may wait for its transfer command
 * @param keepParts true to keep the bytes of a failed upload, so that it can be resumed
 * @param activePort local port of connections in active mode; 0 for any
 * @param proxy the use of PROXY headers on the passive ports
 * @param rates bandwidth of sessions, users and the cluster
 * @param maxInflation most bytes that one compressed byte of an upload in MODE Z may become
 */
public record DataSettings(
        List<InetAddress> bind,
        List<Integer> ports,
        int maxWaiting,
        Duration secondWait,
        int foreignWaiting,
        int maxTransfers,
        int bufferBytes,
        Duration handshakeTimeout,
        Duration stallTimeout,
        Duration connectTimeout,
        Duration idleTimeout,
        boolean keepParts,
        int activePort,
        Proxy proxy,
        Rates rates,
        int maxInflation) {
    /** The same settings without passive ports, for a node that accepts no data connections. */
    public DataSettings withoutPorts() {
        return new DataSettings(
                bind,
                List.of(),
                maxWaiting,
                secondWait,
                foreignWaiting,
                maxTransfers,
                bufferBytes,
                handshakeTimeout,
                stallTimeout,
                connectTimeout,
                idleTimeout,
                keepParts,
                activePort,
                proxy,
                rates,
                maxInflation);
    }

    public DataSettings {
        bind = List.copyOf(bind);
        ports = List.copyOf(ports);
    }
}
