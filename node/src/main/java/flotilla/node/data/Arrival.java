package flotilla.node.data;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A data socket that has come.
 *
 * @param client its peer; behind a balancer, the balancer's client
 * @param port the passive port that it came to; 0 when this node connected out
 * @param early bytes of the client that are read already
 * @param isForeign true when it has no lease and must resume the TLS session of its control connection
 */
record Arrival(SocketChannel socket, InetAddress client, int port, ByteBuffer early, boolean isForeign) {
    Arrival(SocketChannel socket, InetAddress client, int port, ByteBuffer early) {
        this(socket, client, port, early, false);
    }

    /**
     * The same socket without a lease of its address: only its TLS session tells its owner.
     *
     * @param read bytes of the client that are read already
     */
    Arrival foreign(ByteBuffer read) {
        return new Arrival(socket, client, port, read, true);
    }

    /** The key of a lease. */
    record Place(int port, InetAddress client) {}

    Place place() {
        return new Place(port, client);
    }

    void close() {
        DataConnections.close(socket);
    }
}
