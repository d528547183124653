package flotilla.node.overview;

import flotilla.node.message.SessionMessage;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;

/** The live sessions of this node. */
public final class LiveSessions {
    /** More are served all the same, but not shown. */
    private static final int MAX = 1_000_000;

    private final ConcurrentHashMap<String, LiveSession> byId = new ConcurrentHashMap<>();

    /** What a session tells of itself; nobody sees it before {@link LiveSession#begins}. @param session its actor */
    public LiveSession session(String id, ActorRef<SessionMessage> session) {
        return new LiveSession(this, id, session);
    }

    void add(LiveSession live) {
        if (byId.mappingCount() < MAX) {
            byId.put(live.id(), live);
        }
    }

    void remove(LiveSession live) {
        byId.remove(live.id(), live);
    }

    /** How many there are. */
    public int count() {
        return byId.size();
    }

    Optional<LiveSession> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<LiveSession> all() {
        return byId.values();
    }
}
