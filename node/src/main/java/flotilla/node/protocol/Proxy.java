package flotilla.node.protocol;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The use of the PROXY protocol, versions 1 and 2, on control listeners and passive ports.
 *
 * @param trusted networks of the balancers whose headers are believed
 * @param timeout longest wait for a header
 */
public record Proxy(Mode mode, List<Network> trusted, Duration timeout) {
    /** The demand for headers. */
    public enum Mode {
        /** No header is read. */
        OFF,
        /** A header of a trusted peer is read; any other peer is itself the client. */
        ACCEPT,
        /** A connection without a header, or from a peer that is not trusted, is closed. */
        REQUIRE
    }

    public Proxy {
        trusted = List.copyOf(trusted);
    }

    /** Returns true when a header from {@code peer} is believed. */
    public boolean trusts(InetAddress peer) {
        return Network.anyContains(trusted, peer);
    }
}
