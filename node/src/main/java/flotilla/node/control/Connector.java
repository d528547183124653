package flotilla.node.control;

import flotilla.node.message.ControlMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.state.Link;
import java.util.function.Consumer;

/** Opens data connections to clients (active mode) from the node of the control connection. */
public interface Connector {
    /**
     * Connects and starts a data connection. Sends {@link SessionMessage.DataFailed} to the session when that fails.
     */
    void connect(Link link, ControlMessage.ConnectOut order, Consumer<SessionMessage> session);
}
