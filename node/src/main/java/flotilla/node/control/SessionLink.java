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
 * The way from a control connection to its session on any node. It announces the client until the session greets, sends
 * commands again until they are answered, and reports the client's end until the session confirms it. Part of the
 * control connection's actor.
 */
final class SessionLink {
    private static final int GREETING = 220;

    /** Longest wait for the greeting, in units of {@link ControlListener#TICK}. */
    private static final int MAX_UNGREETED_TICKS = 240;

    private static final Duration CLOSED_AGAIN = Duration.ofSeconds(1);
    private static final int MAX_CLOSED_TIMES = 60;

    private enum Again {
        INSTANCE
    }

    private final Sessions sessions;
    private final SessionMessage.Connected connected;
    private final Deliveries deliveries = new Deliveries();
    /** Sends to the session itself while that is on this node, else to its shard. */
    private Consumer<SessionMessage> session = this::tellShard;

    private @Nullable Address sessionNode;
    private boolean greeted;
    private int ungreetedTicks;
    /** The facts of a handshake, until a reply shows that the session has them. */
    private Optional<TlsFacts> established = Optional.empty();

    /**
     * Creates the link.
     *
     * @param connected the first message to the session
     */
    SessionLink(Sessions sessions, SessionMessage.Connected connected) {
        this.sessions = sessions;
        this.connected = connected;
    }

    private void tellShard(SessionMessage message) {
        sessions.tell(connected.link().sessionId(), message);
    }

    /** Announces the client. */
    void connect() {
        tellShard(connected);
    }

    /**
     * Sends a command, and again until its last reply is {@link #heard}.
     *
     * @param number counts the client's lines from 1
     */
    void deliver(long number, Request request) {
        SessionMessage.Command command = new SessionMessage.Command(
                number, request.verb(), request.argument(), connected.control(), established);
        deliveries.sent(command, System.nanoTime());
        session.accept(command);
    }

    /** The present way to the session, for other threads. A message that is lost on it is not sent again. */
    Consumer<SessionMessage> way() {
        return session;
    }

    /**
     * Reports the handshake after AUTH. Each command repeats the report until a reply shows that the session has it.
     */
    void tlsEstablished(TlsFacts facts) {
        session.accept(new SessionMessage.TlsEstablished(facts));
        established = Optional.of(facts);
    }

    /** Returns true once the session has greeted. A client gets no other reply before that. */
    boolean hasGreeted() {
        return greeted;
    }

    /** Returns true when the session greets a second time. */
    boolean isGreetingAgain(Answer answer) {
        return answer.sequence() == 0 && answer.code() == GREETING && greeted;
    }

    /** Notes that the session has the command and works on it. */
    void alive(long number) {
        deliveries.alive(number, System.nanoTime());
    }

    /** Handles a reply; its sender is from now on the session. */
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

    /** Returns true while a command waits for its reply. */
    boolean isAwaited() {
        return !deliveries.isEmpty();
    }

    /**
     * Sends again all that is due. Returns false when the session has been silent for too long. Called every
     * {@link ControlListener#TICK}.
     */
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

    /** Handles the loss of a node. If the session was there, another node is to continue it. */
    void nodeLost(Address address) {
        if (address.equals(sessionNode)) {
            tellShard(SessionMessage.Wake.INSTANCE);
            deliveries.all(System.nanoTime()).forEach(this::tellShard);
        }
    }

    /** Reports the end of the client, again until the session confirms it: the session then releases what it holds. */
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
