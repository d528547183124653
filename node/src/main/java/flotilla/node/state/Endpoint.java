package flotilla.node.state;

import java.net.InetSocketAddress;

/** Where the data connection comes from or goes to. */
public sealed interface Endpoint {
    /** A leased port; the client connects. */
    record Passive(int port) implements Endpoint {}

    /** PORT, EPRT: we connect. */
    record Active(InetSocketAddress client) implements Endpoint {}
}
