package flotilla.node.message;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.net.InetAddress;
import org.apache.pekko.actor.typed.ActorRef;

/** The messages from a session to its control connection. */
public sealed interface ControlMessage extends Wire {
    /** The reason of an end when the client said QUIT. */
    String CLIENT_QUIT = "client quit";

    /** The reason of an end when the client had closed its sending half and its upload has used up its time. */
    String UPLOAD_OVERDUE = "client closed its half, upload overdue";

    /**
     * A reply.
     *
     * @param sequence number of the command; 0 for the greeting and for replies without a command
     * @param wire the encoded reply
     * @param last false for a preliminary reply, which another one follows
     * @param after the action that follows the reply
     * @param session the actor to send the next command to
     * @param encoding name of the encoding of the next command; empty for UTF-8
     */
    record Answer(
            @Tag(1) long sequence,
            @Tag(2) int code,
            @Tag(3) byte[] wire,
            @Tag(4) boolean last,
            @Tag(5) After after,
            @Tag(6) ActorRef<SessionMessage> session,
            @Tag(7) String encoding)
            implements ControlMessage {}

    /** A sign of life: the session has this command and works on it. */
    record Working(@Tag(1) long sequence) implements ControlMessage {}

    /** Confirms that the session knows of the end of the control connection. */
    enum Released implements ControlMessage {
        INSTANCE
    }

    /** The action that follows a written reply. */
    enum After {
        NOTHING,
        START_TLS,
        /** The user is logged in: the login timer ends, and longer lines are accepted. */
        LOGGED_IN,
        CLOSE,
        /** CCC: TLS ends, and the connection continues in clear. */
        END_TLS,
        /** REIN: as {@link #END_TLS}, and the login timer begins again. */
        REINITIALIZE,
        /** As {@link #CLOSE}, even when the client does not read the reply. */
        END
    }

    /** Opens a data connection from this node (PORT, EPRT). */
    record ConnectOut(@Tag(1) InetAddress address, @Tag(2) int port) implements ControlMessage {}
}
