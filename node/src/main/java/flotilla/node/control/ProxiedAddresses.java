package flotilla.node.control;

import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The addresses in a PROXY header.
 *
 * @param client the address that connected to the balancer; empty when the header names none
 * @param dialled the address that it connected to; empty when the header names none
 */
public record ProxiedAddresses(Optional<InetSocketAddress> client, Optional<InetSocketAddress> dialled) {
    static final ProxiedAddresses NONE = new ProxiedAddresses(Optional.empty(), Optional.empty());

    /** Reads a message. LOCAL, UNKNOWN and addresses of other families than IP give no addresses. */
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

    /** Returns true for a header about datagrams, which cannot lead here. A LOCAL header is not looked at. */
    public static boolean areOfDatagrams(HAProxyMessage message) {
        return message.command() == HAProxyCommand.PROXY
                && message.proxiedProtocol().transportProtocol() == TransportProtocol.DGRAM;
    }

    /** Looks nothing up: the decoder has checked that the addresses are literals. */
    private static Optional<InetSocketAddress> address(String literal, int port) {
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByName(literal), port));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
