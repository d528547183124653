package flotilla.cluster.forming;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * An address and port of Pekko's remoting. The order is IPv4 before IPv6, then the address as a number, then the port.
 *
 * @param address address of the node
 * @param port port of the node, 0 to 65535
 */
public record Endpoint(InetAddress address, int port) implements Comparable<Endpoint> {
    private static final Comparator<Endpoint> ORDER = Comparator.comparingInt(
                    (Endpoint endpoint) -> endpoint.address.getAddress().length)
            .thenComparing(endpoint -> endpoint.address.getAddress(), Arrays::compareUnsigned)
            .thenComparingInt(Endpoint::port);

    /**
     * Resolves {@code host:port} to one endpoint for each address of the name. Blocks.
     *
     * @throws UnknownHostException when the name has no address now
     * @throws IllegalArgumentException when the text is not {@code host:port}
     */
    static List<Endpoint> lookUp(String text) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("not host:port: " + text);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        List<Endpoint> endpoints = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(text.substring(0, colon))) {
            endpoints.add(new Endpoint(address, port));
        }
        return endpoints;
    }

    @Override
    public int compareTo(Endpoint other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String host = address.getHostAddress();
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
