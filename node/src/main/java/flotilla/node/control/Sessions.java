package flotilla.node.control;

import flotilla.node.message.SessionMessage;

/** Sends messages to sessions on any node. */
public interface Sessions {
    /** Sends a message to the session with this id. The message may be lost. */
    void tell(String sessionId, SessionMessage message);
}
