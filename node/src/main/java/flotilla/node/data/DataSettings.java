package flotilla.node.data;

import flotilla.node.protocol.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The data connections of a node.
 *
 * @param bind addresses the passive ports are opened on
 * @param ports the passive pool
 * @param maxWaiting data connections whose lease is looked up at once
 * @param secondWait how long a second connection to a lease waits until it is known whether the first one is a thief's; zero where nobody is taken for one
 * @param foreignWaiting sockets without a lease of their address that may wait until their TLS session says whose they are; 0: they are closed
 * @param maxTransfers data connections that may move bytes at once
 * @param bufferBytes size of a transfer's plaintext buffer
 * @param handshakeTimeout for data TLS
 * @param stallTimeout how long no byte may move
 * @param connectTimeout for active mode
 * @param idleTimeout how long an accepted data connection may wait for its transfer command
 * @param keepParts whether the bytes of a failed upload are kept to be resumed
 * @param proxy PROXY protocol on the passive ports
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
        Proxy proxy) {
    /** The same for a node that takes no connections. */
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
                proxy);
    }

    public DataSettings {
        bind = List.copyOf(bind);
        ports = List.copyOf(ports);
    }
}
