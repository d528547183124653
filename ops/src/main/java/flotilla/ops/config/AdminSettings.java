package flotilla.ops.config;

import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The admin API of a node.
 *
 * @param enabled whether the node has one
 * @param port 0 for any that is free; {@link #USUAL_PORT} when that can be had
 * @param tls empty for clear text
 * @param maxConnections at once
 * @param healthConnections of them, only for requests that ask whether the node lives and is ready
 * @param receiveTimeout how long a request may take to come whole
 * @param maxBody bytes of a request's body
 * @param nodeTimeout how long other nodes may take to answer
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
        Duration nodeTimeout) {

    /** The default. */
    public static final int USUAL_PORT = 8421;

    /** Whether any free port will do when the port is taken: nobody has to have chosen the usual one. */
    public boolean mayMove() {
        return port == USUAL_PORT;
    }

    /** Those of the listener for commands on this machine: loopback, any free port, no TLS. */
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
                nodeTimeout);
    }

    /**
     * Where programs on this machine find it.
     *
     * @param listening the port that it has
     */
    public String localUrl(int listening) {
        String host = bind.isAnyLocalAddress() ? "127.0.0.1" : bind.getHostAddress();
        return (tls.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + listening;
    }
}
