package flotilla.node.data;

import flotilla.node.message.SessionMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BiConsumer;
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

    /** @param port the passive port it came to; 0 when we connected out; @param early bytes read already */
    public void start(SocketChannel socket, int port, ByteBuffer early, String sessionId) {
        system.tell(new SpawnProtocol.Spawn<>(
                DataConnection.create(
                        plane, socket, port, early, sessionId, message -> sessions.accept(sessionId, message)),
                "",
                Props.empty(),
                system.ignoreRef()));
    }

    static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a data connection", e);
        }
    }
}
