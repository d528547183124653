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

/** Starts the actor of each data connection of this node. */
public final class DataConnections {
    private static final Logger LOG = LoggerFactory.getLogger(DataConnections.class);

    private final DataPlane plane;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final BiConsumer<String, SessionMessage> sessions;

    /** @param sessions tells a session, by its id */
    public DataConnections(
            DataPlane plane, ActorSystem<SpawnProtocol.Command> system, BiConsumer<String, SessionMessage> sessions) {
        this.plane = plane;
        this.system = system;
        this.sessions = sessions;
    }

    /** Starts the one that we connected. */
    void startActive(SocketChannel socket, InetAddress client, String sessionId) {
        start(new Arrival(socket, client, 0, ByteBuffer.allocate(0)), sessionId, Claim.NONE);
    }

    /** @param claim told whether the session takes it */
    void start(Arrival arrival, String sessionId, Claim claim) {
        system.tell(new SpawnProtocol.Spawn<>(
                DataConnection.create(plane, arrival, claim, sessionId, sessions),
                "",
                Props.empty(),
                system.ignoreRef()));
    }

    /** Takes sockets that have no lease of their address, where they may belong to a session all the same. */
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
