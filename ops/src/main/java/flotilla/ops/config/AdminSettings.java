package flotilla.ops.config;

import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a node's admin API.
 *
 * @param enabled whether the node has one
 * @param port 0 for any free port; {@link #USUAL_PORT} for that port, or another free one if it is taken
 * @param tokensFile file of the tokens
 * @param tls empty for clear text
 * @param maxConnections most connections at once
 * @param healthConnections number of these that are reserved for health checks
 * @param receiveTimeout longest time for a complete request to arrive
 * @param maxBody most bytes of a request's body
 * @param nodeTimeout longest wait for the answers of other nodes
 * @param console the pages for browsers
 */
public record AdminSettings(
        boolean enabled,
        InetAddress bind,
        int port,
        Path tokensFile,
        Optional<CertificateFiles> tls,
        int maxConnections,
        int healthConnections,
        Duration receiveTimeout,
        int maxBody,
        Duration nodeTimeout,
        ConsoleSettings console) {

    /** The default port. */
    public static final int USUAL_PORT = 8421;

    /** Returns whether another free port will do if the port is taken: the usual port may just be the default. */
    public boolean mayMove() {
        return port == USUAL_PORT;
    }

    /** Returns the settings of the listener for commands on this machine: loopback, any free port, no TLS. */
    public AdminSettings forCommands() {
        return new AdminSettings(
                true,
                InetAddress.getLoopbackAddress(),
                0,
                tokensFile,
                Optional.empty(),
                maxConnections,
                healthConnections,
                receiveTimeout,
                maxBody,
                nodeTimeout,
                console);
    }

    /**
     * Returns the URL for programs on this machine.
     *
     * @param listening the port that is open
     */
    public String localUrl(int listening) {
        String host = bind.isAnyLocalAddress() ? "127.0.0.1" : bind.getHostAddress();
        return (tls.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + listening;
    }
}
