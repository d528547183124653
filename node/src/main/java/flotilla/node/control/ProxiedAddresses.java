package flotilla.node.control;

import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The addresses a PROXY header tells. @param client who connected to the balancer; @param dialled where */
public record ProxiedAddresses(Optional<InetSocketAddress> client, Optional<InetSocketAddress> dialled) {
    static final ProxiedAddresses NONE = new ProxiedAddresses(Optional.empty(), Optional.empty());

    /** Reads a message; LOCAL, UNKNOWN and sockets that are not of IP tell no addresses. */
    public static ProxiedAddresses of(HAProxyMessage message) {
        AddressFamily family = message.proxiedProtocol().addressFamily();
        boolean tells = message.command() == HAProxyCommand.PROXY
                && (family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6);
        if (!tells) {
            return NONE;
        }
        return new ProxiedAddresses(
                address(message.sourceAddress(), message.sourcePort()),
                address(message.destinationAddress(), message.destinationPort()));
    }

    /** Whether a message tells of what cannot lead here: datagrams. What LOCAL says of them does not count. */
    public static boolean areOfDatagrams(HAProxyMessage message) {
        return message.command() == HAProxyCommand.PROXY
                && message.proxiedProtocol().transportProtocol() == TransportProtocol.DGRAM;
    }

    /** The decoder has checked that these are literals: nothing is looked up. */
    private static Optional<InetSocketAddress> address(String literal, int port) {
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByName(literal), port));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
