package flotilla.ops.probe;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to probe.
 *
 * @param host name or address of the server
 * @param port port where TLS begins after AUTH (RFC 4217); 0 for none
 * @param implicitPort port where TLS begins at once; 0 for none
 * @param mustBeImplicit whether a closed implicit port is a failure
 * @param from the own address to connect from; empty for the system's choice
 * @param timeout the longest wait for each connection, reply, handshake and transfer
 * @param authorities certificates that the client trusts; empty for the public ones
 * @param login the account to try; empty for none
 */
public record ProbeSettings(
        String host,
        int port,
        int implicitPort,
        boolean mustBeImplicit,
        Optional<InetAddress> from,
        Duration timeout,
        List<X509Certificate> authorities,
        Optional<Login> login) {
    public ProbeSettings {
        authorities = List.copyOf(authorities);
    }

    /** An account of the server. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }
}
