package flotilla.node.control;

import flotilla.node.message.SessionMessage;

/** The way to sessions, wherever they live. */
public interface Sessions {
    void tell(String sessionId, SessionMessage message);
}
