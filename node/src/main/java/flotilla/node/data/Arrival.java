package flotilla.node.data;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A data socket.
 *
 * @param client its peer, behind a balancer the balancer's client
 * @param port the passive port it came to; 0 when we connected out
 * @param early bytes of the client that were read already
 */
record Arrival(SocketChannel socket, InetAddress client, int port, ByteBuffer early) {
    /** What a lease is for. */
    record Place(int port, InetAddress client) {}

    Place place() {
        return new Place(port, client);
    }

    void close() {
        DataConnections.close(socket);
    }
}
