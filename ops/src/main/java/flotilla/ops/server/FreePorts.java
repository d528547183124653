package flotilla.ops.server;

import flotilla.cluster.ClusterSettings;
import flotilla.node.control.ControlSettings;
import flotilla.node.control.PortFailure;
import flotilla.ops.config.Configuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Finds out whether the ports of a node are free before it joins the cluster. A node that found out later would first
 * take shards, and hand them back.
 */
final class FreePorts {
    private FreePorts() {}

    /**
     * Listens on the control ports and on those between nodes for a moment, and takes the port of active connections.
     *
     * @throws IOException with the key, the address and the reason when one of them cannot be had
     */
    static void require(Configuration configuration) throws IOException {
        ControlSettings.Listeners listeners = configuration.node().control().listeners();
        for (InetAddress address : listeners.bind()) {
            listen("flotilla.listeners.explicit.port", address, listeners.explicitPort());
            listen("flotilla.listeners.implicit.port", address, listeners.implicitPort());
        }
        if (configuration.node().session().explicitTls().active()) {
            for (InetAddress address : listeners.bind()) {
                bind(
                        "flotilla.active.source-port",
                        address,
                        configuration.node().data().activePort());
            }
        }
        ClusterSettings.Network network = configuration.cluster().network();
        InetAddress own = InetAddress.getByName(network.bind());
        listen("flotilla.cluster.port", own, network.remotingPort());
        listen("flotilla.cluster.hazelcast-port", own, network.hazelcastPort());
    }

    /** Takes the port of connections to clients for a moment, as each of these connections does. */
    private static void bind(String key, InetAddress address, int port) throws IOException {
        if (port == 0) {
            return;
        }
        try (SocketChannel channel = SocketChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new IOException(
                    "cannot connect from " + address.getHostAddress() + ":" + port + " (" + key + "): "
                            + PortFailure.reason(port, e),
                    e);
        }
    }

    private static void listen(String key, InetAddress address, int port) throws IOException {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the listeners do: the last connections of an ended process do not count
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + address.getHostAddress() + ":" + port + " (" + key + "): "
                            + PortFailure.reason(port, e),
                    e);
        }
    }
}
