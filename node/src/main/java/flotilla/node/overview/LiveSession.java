package flotilla.node.overview;

import flotilla.cluster.User;
import flotilla.node.message.SessionMessage;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.TransferOrder;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The visible state of a session of this node. Only the session's actor writes it, with volatile writes; any thread
 * reads it.
 */
public final class LiveSession {
    private final LiveSessions all;
    private final String id;
    private final ActorRef<SessionMessage> session;
    private volatile @Nullable SessionState state;
    private volatile String lastCommand = "";
    private volatile long activeMillis = System.currentTimeMillis();
    private volatile @Nullable LiveOrder order;

    /**
     * A transfer as its session knows it.
     *
     * @param sinceMillis time of the order, in milliseconds since 1970
     * @param data the data connection; null before it has come
     */
    record LiveOrder(
            TransferOrder order, long sinceMillis, @Nullable ActorRef<?> data) {}

    LiveSession(LiveSessions all, String id, ActorRef<SessionMessage> session) {
        this.all = all;
        this.id = id;
        this.session = session;
    }

    /** Notes that the session has begun, and makes it visible. */
    public void begins() {
        all.add(this);
    }

    /** Notes a new state. */
    public void is(SessionState next) {
        state = next;
    }

    /**
     * Notes the start of a command.
     *
     * @param verb the verb without its argument, which may be a secret
     */
    public void commanded(String verb) {
        lastCommand = verb;
        activeMillis = System.currentTimeMillis();
    }

    /** Notes that a transfer was ordered, which waits for its lock or its data connection. */
    public void transfers(TransferOrder ordered) {
        order = new LiveOrder(ordered, System.currentTimeMillis(), null);
    }

    /** Notes that the data connection of the transfer has come. */
    public void moves(ActorRef<?> data) {
        LiveOrder waiting = order;
        if (waiting != null) {
            order = new LiveOrder(waiting.order(), waiting.sinceMillis(), data);
        }
    }

    /** Notes that the transfer has ended. */
    public void rests() {
        order = null;
        activeMillis = System.currentTimeMillis();
    }

    /** Notes that the session has ended, and hides it. */
    public void ended() {
        all.remove(this);
        state = null;
    }

    String id() {
        return id;
    }

    @Nullable SessionState state() {
        return state;
    }

    /** The account of the logged-in user. */
    Optional<User> user() {
        SessionState now = state;
        return now == null ? Optional.empty() : now.login().user();
    }

    String lastCommand() {
        return lastCommand;
    }

    Instant active() {
        return Instant.ofEpochMilli(activeMillis);
    }

    @Nullable LiveOrder order() {
        return order;
    }

    void tell(SessionMessage message) {
        session.tell(message);
    }
}
