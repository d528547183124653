package flotilla.node.overview;

import flotilla.cluster.ShortIds;
import flotilla.cluster.User;
import flotilla.node.message.SessionMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;

/** The live sessions of this node. */
public final class LiveSessions {
    /** Number of sessions that are shown; further ones work but are not shown. */
    private static final int MAX = 1_000_000;

    private final ConcurrentHashMap<String, LiveSession> byId = new ConcurrentHashMap<>();

    /**
     * Makes the visible state of a session. It is hidden until {@link LiveSession#begins}.
     *
     * @param session the actor of the session
     */
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

    /** Tells the sessions of a user that the account may have changed. */
    public void accountChanged(String user) {
        for (LiveSession session : byId.values()) {
            if (session.user().map(account -> account.name().equals(user)).orElse(false)) {
                session.tell(SessionMessage.AccountChanged.INSTANCE);
            }
        }
    }

    /** Tells the sessions of a group's members that their accounts may have changed. */
    public void groupChanged(String group) {
        for (LiveSession session : byId.values()) {
            if (session.user().map(account -> account.group().equals(group)).orElse(false)) {
                session.tell(SessionMessage.AccountChanged.INSTANCE);
            }
        }
    }

    /** Tells the sessions whose accounts have expired by {@code now}. */
    public void tellExpired(Instant now) {
        for (LiveSession session : byId.values()) {
            if (session.user().map(account -> isExpired(account, now)).orElse(false)) {
                session.tell(SessionMessage.AccountChanged.INSTANCE);
            }
        }
    }

    private static boolean isExpired(User account, Instant now) {
        Instant expires = account.expires();
        return expires != null && !now.isBefore(expires);
    }

    /** The users who are logged in here, with the rights that hold for them; one may be there several times. */
    public List<User> users() {
        return byId.values().stream().flatMap(live -> live.user().stream()).toList();
    }

    /** Number of visible sessions. */
    public int count() {
        return byId.size();
    }

    /** Finds a session by its id, or by the short form of its id. */
    Optional<LiveSession> find(String id) {
        LiveSession found = byId.get(id);
        return found != null || !ShortIds.isShort(id)
                ? Optional.ofNullable(found)
                : byId.values().stream()
                        .filter(session -> ShortIds.isOf(id, session.id()))
                        .findFirst();
    }

    Collection<LiveSession> all() {
        return byId.values();
    }
}
