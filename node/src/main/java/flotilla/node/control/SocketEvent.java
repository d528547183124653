package flotilla.node.control;

import flotilla.node.protocol.Request.Fault;
import flotilla.node.state.Security.TlsFacts;
import java.util.Optional;
import org.apache.pekko.actor.Address;

/** The messages from the socket of a control connection to its actor, on the same node. */
sealed interface SocketEvent {
    /** A line of the client, with a fault when it cannot be a command. */
    record Line(byte[] bytes, Optional<Fault> fault, boolean undoubled) implements SocketEvent {}

    /** The handshake after AUTH is complete. */
    record TlsStarted(TlsFacts facts) implements SocketEvent {}

    /** Both sides have ended TLS after CCC or REIN; the connection continues in clear. */
    enum TlsEnded implements SocketEvent {
        INSTANCE
    }

    /** The client sends nothing more, but may still read. The actor has got all its lines. */
    enum InputEnded implements SocketEvent {
        INSTANCE
    }

    /** Further input is held back until all lines that the actor has got are answered. */
    enum InputPaused implements SocketEvent {
        INSTANCE
    }

    record SocketClosed(String reason) implements SocketEvent {}

    /** The client reads its replies again. */
    enum Writable implements SocketEvent {
        INSTANCE
    }

    /** Time has passed while replies are awaited. */
    enum Tick implements SocketEvent {
        INSTANCE
    }

    /** A node of the cluster is lost. */
    record NodeLost(Address address) implements SocketEvent {}
}
