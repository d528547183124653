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
 * @param isForeign whether it has no lease, and must resume the TLS session of its control connection
 */
record Arrival(SocketChannel socket, InetAddress client, int port, ByteBuffer early, boolean isForeign) {
    Arrival(SocketChannel socket, InetAddress client, int port, ByteBuffer early) {
        this(socket, client, port, early, false);
    }

    /** The same without a lease of its address: only its TLS session says whose it is. */
    Arrival foreign(ByteBuffer read) {
        return new Arrival(socket, client, port, read, true);
    }

    /** What a lease is for. */
    record Place(int port, InetAddress client) {}

    Place place() {
        return new Place(port, client);
    }

    void close() {
        DataConnections.close(socket);
    }
}
