package flotilla.ops.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The places of a demonstration.
 *
 * @param directory holds everything that it writes
 * @param vip the one address that clients dial
 * @param nodes an address of this machine for each node
 * @param explicitPort port for explicit TLS, on the VIP and on every node
 * @param implicitPort port for implicit TLS, on the VIP and on every node
 * @param passivePorts as in {@code flotilla.passive.ports}
 * @param s3proxy the jar of s3proxy, which then has the files; empty for a directory that the nodes share
 */
public record DemoPlan(
        Path directory,
        String vip,
        List<String> nodes,
        int explicitPort,
        int implicitPort,
        String passivePorts,
        Optional<Path> s3proxy) {
    static final int CLUSTER_PORT = 7355;
    static final int HAZELCAST_PORT = 5701;
    static final int ADMIN_PORT = 8421;
    static final int OBJECTS_PORT = 9878;

    public DemoPlan {
        directory = directory.toAbsolutePath().normalize();
        nodes = List.copyOf(nodes);
    }

    /**
     * Returns the name of a node.
     *
     * @param index from 0
     */
    String name(int index) {
        return "node-" + (index + 1);
    }

    /**
     * Checks the addresses and ports.
     *
     * @throws IOException when an address is not this machine's or a port is taken; the message states the remedy
     */
    void check() throws IOException {
        List<String> addresses = new ArrayList<>(nodes);
        addresses.add(vip);
        for (String address : addresses) {
            checkFree(address, 0);
        }
        for (String address : addresses) {
            checkFree(address, explicitPort);
            checkFree(address, implicitPort);
        }
        if (s3proxy.isPresent()) {
            checkFree("127.0.0.1", OBJECTS_PORT);
        }
        for (String node : nodes) {
            checkFree(node, CLUSTER_PORT);
            checkFree(node, HAZELCAST_PORT);
            checkFree(node, ADMIN_PORT);
        }
    }

    private static void checkFree(String address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException taken) {
            throw new IOException(
                    port == 0
                            ? address
                                    + " is not an address of this machine. Every node needs one of its own: macOS has only 127.0.0.1"
                                    + " until you add more (sudo ifconfig lo0 alias " + address + " up)"
                            : address + ":" + port
                                    + " is in use: end what listens there, or choose others with --nodes, --vip, --port, --implicit-port",
                    taken);
        }
    }
}
