package flotilla.node.message;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.net.InetAddress;
import org.apache.pekko.actor.typed.ActorRef;

/** What a control connection is told by its session. */
public sealed interface ControlMessage extends Wire {
    /** Why a control connection ended: its client said QUIT. */
    String CLIENT_QUIT = "client quit";

    /** The same: its client had closed its sending half, and its upload has had its grace. */
    String UPLOAD_OVERDUE = "client closed its half, upload overdue";

    /**
     * A reply to command {@code sequence}; 0 for the greeting and for what nobody asked for.
     *
     * @param wire the encoded reply
     * @param last false for a preliminary reply: another one follows
     * @param session where to send the next command directly
     */
    record Answer(
            @Tag(1) long sequence,
            @Tag(2) int code,
            @Tag(3) byte[] wire,
            @Tag(4) boolean last,
            @Tag(5) After after,
            @Tag(6) ActorRef<SessionMessage> session)
            implements ControlMessage {}

    /** A sign of life: the session has this command and works on it. */
    record Working(@Tag(1) long sequence) implements ControlMessage {}

    /** The session knows that the control connection is gone. */
    enum Released implements ControlMessage {
        INSTANCE
    }

    /** What happens to the socket once a reply is written. */
    enum After {
        NOTHING,
        START_TLS,
        /** The user is in: the login timer ends, longer lines are taken. */
        LOGGED_IN,
        CLOSE,
        /** CCC: TLS ends, the connection goes on in clear. */
        END_TLS,
        /** REIN: as after CCC, and the login timer begins again. */
        REINITIALIZE,
        /** As CLOSE, whether the client reads the reply or not. */
        END
    }

    /** Opens a data connection from this node (PORT, EPRT). */
    record ConnectOut(@Tag(1) InetAddress address, @Tag(2) int port) implements ControlMessage {}
}
