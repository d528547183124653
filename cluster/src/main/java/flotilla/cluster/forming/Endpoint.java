package flotilla.cluster.forming;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** An address and port of Pekko remoting; ordered by address, as numbers and IPv4 first, then port. */
public record Endpoint(InetAddress address, int port) implements Comparable<Endpoint> {
    private static final Comparator<Endpoint> ORDER = Comparator.comparingInt(
                    (Endpoint endpoint) -> endpoint.address.getAddress().length)
            .thenComparing(endpoint -> endpoint.address.getAddress(), Arrays::compareUnsigned)
            .thenComparingInt(Endpoint::port);

    /**
     * The endpoints that {@code host:port} stands for: one for each address of the name.
     *
     * @throws UnknownHostException when the name has no address now
     * @throws IllegalArgumentException when it is not host:port
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
