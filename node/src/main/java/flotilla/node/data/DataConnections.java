package flotilla.node.data;

import flotilla.node.data.Contests.Claim;
import flotilla.node.message.SessionMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the actors of this node's data connections. */
public final class DataConnections {
    private static final Logger LOG = LoggerFactory.getLogger(DataConnections.class);

    private final DataPlane plane;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final BiConsumer<String, SessionMessage> sessions;

    /**
     * Creates the factory.
     *
     * @param sessions sends a message to the session with the given id
     */
    public DataConnections(
            DataPlane plane, ActorSystem<SpawnProtocol.Command> system, BiConsumer<String, SessionMessage> sessions) {
        this.plane = plane;
        this.system = system;
        this.sessions = sessions;
    }

    /** Starts a data connection that this node has connected. */
    void startActive(SocketChannel socket, InetAddress client, String sessionId) {
        start(new Arrival(socket, client, 0, ByteBuffer.allocate(0)), sessionId, Claim.NONE);
    }

    /**
     * Starts a data connection that has come.
     *
     * @param claim gets the outcome
     */
    void start(Arrival arrival, String sessionId, Claim claim) {
        system.tell(new SpawnProtocol.Spawn<>(
                DataConnection.create(plane, arrival, claim, sessionId, sessions),
                "",
                Props.empty(),
                system.ignoreRef()));
    }

    /**
     * Creates the part that takes sockets without a lease of their address, since they may belong to a session.
     *
     * @param nobodys takes the sockets for which no session is found
     */
    ForeignSockets foreign(DataSettings settings, Consumer<Arrival> nobodys) throws IOException {
        return new ForeignSockets(
                offer -> plane.tls().owner(offer),
                settings.foreignWaiting(),
                settings.handshakeTimeout(),
                (arrival, session) -> start(arrival, session, Claim.NONE),
                nobodys);
    }

    static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a data connection", e);
        }
    }
}
