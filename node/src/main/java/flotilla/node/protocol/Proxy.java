package flotilla.node.protocol;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The PROXY protocol, versions 1 and 2, on control listeners and passive ports.
 *
 * @param trusted where headers are taken from
 * @param timeout how long a header may take
 */
public record Proxy(Mode mode, List<Network> trusted, Duration timeout) {
    /** Whether a header is looked for. */
    public enum Mode {
        /** No header is looked for. */
        OFF,
        /** A header of a trusted peer is used; any other peer is a client of its own. */
        ACCEPT,
        /** A connection without a header, or from a peer that is not trusted, is closed. */
        REQUIRE
    }

    public Proxy {
        trusted = List.copyOf(trusted);
    }

    /** Whether a header from {@code peer} is believed. */
    public boolean trusts(InetAddress peer) {
        return Network.anyContains(trusted, peer);
    }
}
