package flotilla.node.overview;

import flotilla.cluster.User;
import flotilla.node.message.SessionMessage;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.TransferOrder;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A session of this node as its actor last left it. Written by that actor alone, with plain volatile writes; read by anyone. */
public final class LiveSession {
    private final LiveSessions all;
    private final String id;
    private final ActorRef<SessionMessage> session;
    private volatile @Nullable SessionState state;
    private volatile String lastCommand = "";
    private volatile long activeMillis = System.currentTimeMillis();
    private volatile @Nullable LiveOrder order;

    /** A transfer as its session knows it. @param data the data connection, once it is there */
    record LiveOrder(
            TransferOrder order, long sinceMillis, @Nullable ActorRef<?> data) {}

    LiveSession(LiveSessions all, String id, ActorRef<SessionMessage> session) {
        this.all = all;
        this.id = id;
        this.session = session;
    }

    /** The session is there. */
    public void begins() {
        all.add(this);
    }

    /** The session has another state. */
    public void is(SessionState next) {
        state = next;
    }

    /** A command begins. @param verb without its argument, which may be a secret */
    public void commanded(String verb) {
        lastCommand = verb;
        activeMillis = System.currentTimeMillis();
    }

    /** A transfer was ordered; it waits for its lock or its data connection. */
    public void transfers(TransferOrder ordered) {
        order = new LiveOrder(ordered, System.currentTimeMillis(), null);
    }

    /** The data connection of the transfer is there. */
    public void moves(ActorRef<?> data) {
        LiveOrder waiting = order;
        if (waiting != null) {
            order = new LiveOrder(waiting.order(), waiting.sinceMillis(), data);
        }
    }

    /** The transfer has ended. */
    public void rests() {
        order = null;
        activeMillis = System.currentTimeMillis();
    }

    /** The session has ended. */
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

    /** The account that is logged in. */
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
