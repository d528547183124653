package flotilla.node.state;

import java.net.InetSocketAddress;

/** The session's end of the next data connection. */
public sealed interface Endpoint {
    /** The client connects to this leased port (PASV, EPSV). */
    record Passive(int port) implements Endpoint {}

    /** The server connects to this address of the client (PORT, EPRT). */
    record Active(InetSocketAddress client) implements Endpoint {}
}
