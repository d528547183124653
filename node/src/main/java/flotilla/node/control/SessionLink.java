package flotilla.node.control;

import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Request;
import flotilla.node.state.Security.TlsFacts;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * A control connection's way to its session, whatever node that is on: tells it of the client until it greets, sends commands
 * again until they are answered, and tells it of the client's end until it knows. Part of the control connection's actor.
 */
final class SessionLink {
    private static final int GREETING = 220;

    /** Of {@link ControlListener#TICK}: how long the greeting may take. */
    private static final int MAX_UNGREETED_TICKS = 240;

    private static final Duration CLOSED_AGAIN = Duration.ofSeconds(1);
    private static final int MAX_CLOSED_TIMES = 60;

    private enum Again {
        INSTANCE
    }

    private final Sessions sessions;
    private final SessionMessage.Connected connected;
    private final Deliveries deliveries = new Deliveries();
    /** To the session itself while it is on this node, else by way of its shard. */
    private Consumer<SessionMessage> session = this::tellShard;

    private @Nullable Address sessionNode;
    private boolean greeted;
    private int ungreetedTicks;
    /** What a handshake settled, until a reply shows that the session knows. */
    private Optional<TlsFacts> established = Optional.empty();

    /** @param connected what the session is told first */
    SessionLink(Sessions sessions, SessionMessage.Connected connected) {
        this.sessions = sessions;
        this.connected = connected;
    }

    private void tellShard(SessionMessage message) {
        sessions.tell(connected.link().sessionId(), message);
    }

    /** The client is there. */
    void connect() {
        tellShard(connected);
    }

    /** Sends a command, until its last reply was {@link #heard}. @param number counts the lines of the client from 1 */
    void deliver(long number, Request request) {
        SessionMessage.Command command = new SessionMessage.Command(
                number, 0, request.verb(), request.argument(), connected.control(), established);
        deliveries.sent(command, System.nanoTime());
        session.accept(command);
    }

    /** The way as it is now, for other threads; what is lost on it is not sent again. */
    Consumer<SessionMessage> way() {
        return session;
    }

    /** A handshake was done after AUTH: the session is told until it shows that it knows. */
    void tlsEstablished(TlsFacts facts) {
        session.accept(new SessionMessage.TlsEstablished(facts));
        established = Optional.of(facts);
    }

    /** Whether the session has greeted: before that a client gets no reply to anything. */
    boolean hasGreeted() {
        return greeted;
    }

    /** Whether the session greets although it has greeted before. */
    boolean isGreetingAgain(Answer answer) {
        return answer.sequence() == 0 && answer.code() == GREETING && greeted;
    }

    /** The session has the command and lives. */
    void alive(long number) {
        deliveries.alive(number, System.nanoTime());
    }

    /** The session has answered: from now on that is where it is. */
    void heard(Answer answer) {
        boolean isHere = answer.session().path().address().hasLocalScope();
        session = isHere ? answer.session()::tell : this::tellShard;
        sessionNode = isHere ? null : answer.session().path().address();
        greeted = true;
        if (answer.sequence() != 0) {
            established = Optional.empty();
        }
        if (answer.last()) {
            deliveries.answered(answer.sequence());
        }
    }

    /** Whether a command waits for its reply. */
    boolean isAwaited() {
        return !deliveries.isEmpty();
    }

    /** Sends again what is due; false when nothing was heard of the session for too long. To be asked every {@link ControlListener#TICK}. */
    boolean sendAgain() {
        long now = System.nanoTime();
        if (deliveries.isHopeless(now) || ungreetedTicks > MAX_UNGREETED_TICKS) {
            return false;
        }
        if (!greeted && Integer.bitCount(++ungreetedTicks) == 1) {
            tellShard(connected);
        }
        deliveries.due(now).forEach(this::tellShard);
        return true;
    }

    /** A node is lost; if it was the session's, another one is to go on with the session. */
    void nodeLost(Address address) {
        if (address.equals(sessionNode)) {
            tellShard(SessionMessage.Wake.INSTANCE);
            deliveries.all(System.nanoTime()).forEach(this::tellShard);
        }
    }

    /** The client is gone: what the session holds is free once it knows, and it is told until it does. */
    Behavior<Object> close(ActorContext<Object> context, String reason) {
        SessionMessage.ControlClosed closed = new SessionMessage.ControlClosed(reason, connected.control());
        session.accept(closed);
        return closed(context, closed, 0);
    }

    private Behavior<Object> closed(ActorContext<Object> context, SessionMessage.ControlClosed closed, int times) {
        context.setReceiveTimeout(CLOSED_AGAIN, Again.INSTANCE);
        return Behaviors.receive(Object.class)
                .onMessage(ControlMessage.Released.class, released -> Behaviors.stopped())
                .onMessage(Again.class, again -> {
                    if (times >= MAX_CLOSED_TIMES) {
                        context.getLog()
                                .warn(
                                        "session {} could not be ended",
                                        connected.link().sessionId());
                        return Behaviors.stopped();
                    }
                    tellShard(closed);
                    return closed(context, closed, times + 1);
                })
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }
}
