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
 * @param receiveTimeout how long a request may take to come whole, also one of the command line
 * @param commands of the command line
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
        CommandLimits commands,
        Duration nodeTimeout) {

    /** Requests of the command line. @param maxRead incomplete ones at once @param maxObeyed complete ones at once @param maxWaiting not begun */
    public record CommandLimits(int maxRead, int maxObeyed, int maxWaiting) {}

    /** The default. */
    public static final int USUAL_PORT = 8421;

    /** Whether any free port will do when the port is taken: nobody has to have chosen the usual one. */
    public boolean mayMove() {
        return port == USUAL_PORT;
    }

    /** Where programs on this machine find it. @param listening the port that it has */
    public String localUrl(int listening) {
        String host = bind.isAnyLocalAddress() ? "127.0.0.1" : bind.getHostAddress();
        return (tls.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + listening;
    }
}
