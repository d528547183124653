package flotilla.node.control;

import flotilla.node.protocol.Request.Fault;
import flotilla.node.state.Security.TlsFacts;
import java.util.Optional;
import org.apache.pekko.actor.Address;

/** What the socket of a control connection tells its actor. Local only. */
sealed interface SocketEvent {
    /** A line came, or something that cannot be one. */
    record Line(byte[] bytes, Optional<Fault> fault) implements SocketEvent {}

    /** The handshake after AUTH is done. */
    record TlsStarted(TlsFacts facts) implements SocketEvent {}

    /** TLS has ended on both sides, after CCC or REIN: the connection goes on in clear. */
    enum TlsEnded implements SocketEvent {
        INSTANCE
    }

    /** The client sends nothing more, but may still read: all its lines were told. */
    enum InputEnded implements SocketEvent {
        INSTANCE
    }

    /** What comes next is held until all lines that were told are answered. */
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
