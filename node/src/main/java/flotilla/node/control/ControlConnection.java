package flotilla.node.control;

import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.protocol.Request.Fault;
import flotilla.node.state.Security.TlsFacts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The control connection: numbers the lines of its socket, gives them to the session one at a time, writes the replies in
 * order. While a transfer runs, ABOR and STAT overtake what waits (protocol.md, section 3.5).
 */
final class ControlConnection {
    private static final int MAX_FAULTS = 3;

    /** ABOR and STAT on their way to the session at once; more of them wait like any other command. */
    private static final int MAX_URGENT = 16;

    private static final int GREETING = 220;

    /** Of {@link ControlListener#TICK}: how long the greeting may take. */
    private static final int MAX_UNGREETED_TICKS = 240;

    private static final Duration CLOSED_AGAIN = Duration.ofSeconds(1);
    private static final int MAX_CLOSED_TIMES = 60;

    private static final Set<String> OTHER_PROTOCOLS = Set.of(
            "GET", "POST", "HEAD", "PUT", "CONNECT", "OPTIONS", "PATCH", "TRACE", "DELETE", "HELO", "EHLO", "HOST:");

    /** What the socket tells. Local only. */
    sealed interface Input {
        /** A line came, or something that cannot be one. */
        record Line(byte[] bytes, Optional<Fault> fault) implements Input {}

        /** The handshake after AUTH is done. */
        record TlsStarted(TlsFacts facts) implements Input {}

        /** TLS has ended on both sides, after CCC or REIN: the connection goes on in clear. */
        enum TlsEnded implements Input {
            INSTANCE
        }

        record SocketClosed(String reason) implements Input {}

        /** The client reads its replies again. */
        enum Writable implements Input {
            INSTANCE
        }

        /** Time has passed while replies are awaited. */
        enum Tick implements Input {
            INSTANCE
        }

        /** A node of the cluster is lost. */
        record NodeLost(Address address) implements Input {}
    }

    private final ActorContext<Object> context;
    private final ControlListener listener;
    private final ControlSocket socket;
    private final ActorRef<ControlMessage> self;
    private final ArrayDeque<Request.Parsed> waiting = new ArrayDeque<>(0);
    private final Set<Long> urgent = new HashSet<>(0);
    private final Deliveries deliveries = new Deliveries();
    private final SessionMessage.Connected connected;
    /** To the session itself while it is on this node, else by way of its shard. */
    private Consumer<SessionMessage> session;

    private @Nullable Address sessionNode;
    private boolean greeted;
    private int ungreetedTicks;
    /** What a handshake settled, until a reply shows that the session knows. */
    private Optional<TlsFacts> established = Optional.empty();

    private long sequence;
    private long outstanding;
    private boolean transferring;
    /** The command that runs is one that ABOR may end. */
    private boolean interruptible;

    /** The last reply is out, or TLS is about to begin: what waits is not looked at. */
    private boolean silent;

    private boolean loggedIn;
    private int faults;
    private int unknown;

    private ControlConnection(
            ActorContext<Object> context, ControlListener listener, ControlSocket socket, Optional<TlsFacts> tls) {
        this.context = context;
        this.listener = listener;
        this.socket = socket;
        this.self = context.getSelf().unsafeUpcast();
        this.connected = new SessionMessage.Connected(socket.link(), tls, self);
        this.session = this::tellShard;
    }

    /** @param tls what the handshake settled, with implicit TLS */
    static Behavior<Object> create(ControlListener listener, ControlSocket socket, Optional<TlsFacts> tls) {
        return Behaviors.setup(context -> {
            ControlConnection connection = new ControlConnection(context, listener, socket, tls);
            connection.tellShard(connection.connected);
            socket.awaiting(true);
            socket.attach(context.getSelf().unsafeUpcast());
            return connection.behavior();
        });
    }

    private void tellShard(SessionMessage message) {
        listener.sessions().tell(socket.link().sessionId(), message);
    }

    private Behavior<Object> behavior() {
        return Behaviors.receive(Object.class)
                .onMessage(Input.Line.class, this::onLine)
                .onMessage(Answer.class, this::onAnswer)
                .onMessage(Input.Writable.class, writable -> proceed())
                .onMessage(Input.Tick.class, tick -> onTick())
                .onMessage(ControlMessage.Working.class, this::onWorking)
                .onMessage(Input.NodeLost.class, this::onNodeLost)
                .onMessage(ControlMessage.ConnectOut.class, this::onConnectOut)
                .onMessage(Input.TlsStarted.class, this::onTlsStarted)
                .onMessage(Input.TlsEnded.class, ended -> onTlsEnded())
                .onMessage(Input.SocketClosed.class, this::onSocketClosed)
                .build();
    }

    private Behavior<Object> onLine(Input.Line line) {
        waiting.add(line.fault().map(Request.Parsed::of).orElseGet(() -> Request.parse(line.bytes())));
        return proceed();
    }

    /** Sends the next command if nothing is in the way: an unanswered one, or replies that the client does not read. */
    private Behavior<Object> proceed() {
        while (!silent && outstanding == 0 && urgent.isEmpty() && !waiting.isEmpty() && socket.isWritable()) {
            Request.Parsed next = waiting.remove();
            socket.consumed();
            if (next.request().isPresent()) {
                dispatch(next.request().get());
            } else {
                refuse(next.fault().orElse(Fault.SYNTAX));
            }
        }
        if ((transferring || interruptible) && !silent) {
            overtake();
        }
        return Behaviors.same();
    }

    private void dispatch(Request request) {
        if (!loggedIn && OTHER_PROTOCOLS.contains(request.verb())) {
            close(Reply.of(500, "This is an FTP server."), "not FTP");
            return;
        }
        outstanding = ++sequence;
        interruptible = request.isInterruptible();
        if (interruptible) {
            socket.transferring(true);
        }
        deliver(outstanding, request);
    }

    private void deliver(long number, Request request) {
        SessionMessage.Command command =
                new SessionMessage.Command(number, 0, request.verb(), request.argument(), self, established);
        deliveries.sent(command, System.nanoTime());
        socket.awaiting(true);
        session.accept(command);
    }

    private void refuse(Fault fault) {
        if (fault == Fault.TOO_LONG && ++faults >= MAX_FAULTS) {
            close(Reply.of(421, "Too many overlong lines."), "overlong lines");
        } else if (!loggedIn
                && fault == Fault.SYNTAX
                && ++unknown >= listener.settings().maxUnknownBeforeLogin()) {
            close(Reply.of(421, "Too many unknown commands."), "unknown commands");
        } else {
            socket.write(fault.reply().encode());
        }
    }

    private void close(Reply last, String why) {
        silent = true;
        socket.closeWith(last, why);
    }

    private void overtake() {
        for (Iterator<Request.Parsed> lines = waiting.iterator();
                lines.hasNext() && urgent.size() < MAX_URGENT && socket.isWritable(); ) {
            Optional<Request> request = lines.next().request();
            if (request.isPresent() && isUrgent(request.get())) {
                lines.remove();
                socket.consumed();
                urgent.add(++sequence);
                deliver(sequence, request.get());
            }
        }
    }

    private boolean isUrgent(Request request) {
        return request.verb().equals("ABOR")
                || transferring
                        && request.verb().equals("STAT")
                        && request.text().isEmpty();
    }

    private Behavior<Object> onAnswer(Answer answer) {
        boolean isCurrent = answer.sequence() != 0 && answer.sequence() == outstanding;
        if (isRepeated(answer, isCurrent)) {
            context.getLog().debug("a second reply to command {} is dropped", answer.sequence());
            return Behaviors.same();
        }
        knowSession(answer);
        perform(answer);
        if (isCurrent) {
            boolean wasTransferring = transferring || interruptible;
            interruptible = false;
            transferring = !answer.last();
            outstanding = answer.last() ? 0 : outstanding;
            if (wasTransferring != transferring) {
                socket.transferring(transferring);
            }
        }
        return proceed();
    }

    private boolean isRepeated(Answer answer, boolean isCurrent) {
        if (answer.sequence() == 0) {
            return answer.code() == GREETING && greeted;
        }
        deliveries.alive(answer.sequence(), System.nanoTime());
        return isCurrent ? !answer.last() && transferring : !urgent.remove(answer.sequence());
    }

    private void knowSession(Answer answer) {
        ActorRef<SessionMessage> direct = answer.session();
        boolean isHere = direct.path().address().hasLocalScope();
        session = isHere ? direct::tell : this::tellShard;
        sessionNode = isHere ? null : direct.path().address();
        greeted = true;
        if (answer.sequence() != 0) {
            established = Optional.empty();
        }
        if (answer.last()) {
            deliveries.answered(answer.sequence());
        }
        socket.awaiting(!deliveries.isEmpty());
    }

    private Behavior<Object> onWorking(ControlMessage.Working working) {
        deliveries.alive(working.sequence(), System.nanoTime());
        return Behaviors.same();
    }

    private Behavior<Object> onTick() {
        long now = System.nanoTime();
        if (deliveries.isHopeless(now) || ungreetedTicks > MAX_UNGREETED_TICKS) {
            close(Reply.of(421, "Service is not available, please reconnect."), "the session does not answer");
            return Behaviors.same();
        }
        if (!greeted && Integer.bitCount(++ungreetedTicks) == 1) {
            tellShard(connected);
        }
        deliveries.due(now).forEach(this::tellShard);
        return Behaviors.same();
    }

    private Behavior<Object> onNodeLost(Input.NodeLost lost) {
        if (lost.address().equals(sessionNode)) {
            tellShard(SessionMessage.Wake.INSTANCE);
            deliveries.all(System.nanoTime()).forEach(this::tellShard);
        }
        return Behaviors.same();
    }

    private void perform(Answer answer) {
        After after = answer.after();
        if (!loggedIn
                && answer.code() == 500
                && ++unknown >= listener.settings().maxUnknownBeforeLogin()) {
            close(Reply.of(421, "Too many unknown commands."), "unknown commands");
        } else if (after == After.START_TLS) {
            silent = true;
            socket.startTls(answer.wire());
        } else if (after == After.END_TLS || after == After.REINITIALIZE) {
            silent = true;
            loggedIn &= after == After.END_TLS;
            socket.endTls(answer.wire(), after == After.REINITIALIZE);
        } else if (after == After.CLOSE || after == After.END) {
            silent = true;
            socket.closeAfter(answer.wire(), answer.code() == 221 ? "client quit" : "closed by the server");
            if (after == After.END) {
                socket.closeSoon();
            }
        } else {
            // Longer lines are allowed before the client can know that it is in.
            if (after == After.LOGGED_IN) {
                loggedIn = true;
                socket.loggedIn();
            }
            socket.write(answer.wire());
        }
    }

    private Behavior<Object> onTlsStarted(Input.TlsStarted started) {
        session.accept(new SessionMessage.TlsEstablished(started.facts()));
        established = Optional.of(started.facts());
        silent = false;
        return proceed();
    }

    private Behavior<Object> onTlsEnded() {
        silent = false;
        return proceed();
    }

    private Behavior<Object> onConnectOut(ControlMessage.ConnectOut order) {
        listener.connector().connect(socket.link(), order, session);
        return Behaviors.same();
    }

    private Behavior<Object> onSocketClosed(Input.SocketClosed closed) {
        SessionMessage.ControlClosed message = new SessionMessage.ControlClosed(closed.reason(), self);
        session.accept(message);
        return closed(message, 0);
    }

    /** What the session holds is free once it knows; it is told until it does. */
    private Behavior<Object> closed(SessionMessage.ControlClosed message, int times) {
        context.setReceiveTimeout(CLOSED_AGAIN, Input.Tick.INSTANCE);
        return Behaviors.receive(Object.class)
                .onMessage(ControlMessage.Released.class, released -> Behaviors.stopped())
                .onMessage(Input.Tick.class, tick -> {
                    if (times >= MAX_CLOSED_TIMES) {
                        context.getLog()
                                .warn(
                                        "session {} could not be ended",
                                        socket.link().sessionId());
                        return Behaviors.stopped();
                    }
                    tellShard(message);
                    return closed(message, times + 1);
                })
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }
}
