package flotilla.node.control;

import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Encoding;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.protocol.Request.Fault;
import flotilla.node.state.Security.TlsFacts;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The control connection: it numbers the lines of its socket, gives them to the session one at a time, and writes the
 * replies in order. While a transfer runs, ABOR and STAT overtake the waiting commands (RFC 959, section 4.1.3).
 */
final class ControlConnection {
    private static final int MAX_FAULTS = 3;

    /** Number of ABORs and STATs that may be at the session at once; more of them wait like other commands. */
    private static final int MAX_URGENT = 16;

    private static final Set<String> OTHER_PROTOCOLS = Set.of(
            "GET", "POST", "HEAD", "PUT", "CONNECT", "OPTIONS", "PATCH", "TRACE", "DELETE", "HELO", "EHLO", "HOST:");

    /**
     * The state of the client's input. When it is paused or has ended, the socket gets a notice once all commands are
     * answered.
     */
    private enum InputState {
        OPEN,
        PAUSED,
        ENDED
    }

    private record UploadOverdue(long sequence) {}

    private final ActorContext<Object> context;
    private final ControlListener listener;
    private final ControlSocket socket;
    private final ArrayDeque<SocketEvent.Line> waiting = new ArrayDeque<>(0);
    private final Set<Long> urgent = new HashSet<>(0);
    private final SessionLink session;
    private long sequence;
    private long outstanding;
    private boolean transferring;
    /** True when ABOR may end the current command. */
    private boolean interruptible;

    /** True after the last reply, and while TLS begins or ends: the waiting commands are not looked at. */
    private boolean silent;

    private InputState inputEnd = InputState.OPEN;
    /** True when the current command is an upload. */
    private boolean uploading;

    private boolean loggedIn;
    /** The encoding of the next command. A line is read when its turn comes: the command before it may change it. */
    private Encoding encoding = Encoding.UTF_8;

    private int faults;
    private int unknown;

    private ControlConnection(
            ActorContext<Object> context, ControlListener listener, ControlSocket socket, Optional<TlsFacts> tls) {
        this.context = context;
        this.listener = listener;
        this.socket = socket;
        this.session = new SessionLink(
                listener.sessions(),
                new SessionMessage.Connected(
                        socket.link(), tls, context.getSelf().unsafeUpcast()));
    }

    /**
     * Creates the connection.
     *
     * @param tls the facts of the handshake, with implicit TLS
     */
    static Behavior<Object> create(ControlListener listener, ControlSocket socket, Optional<TlsFacts> tls) {
        return Behaviors.setup(context -> {
            ControlConnection connection = new ControlConnection(context, listener, socket, tls);
            connection.session.connect();
            socket.awaiting(true);
            socket.attach(context.getSelf().unsafeUpcast());
            return connection.behavior();
        });
    }

    private Behavior<Object> behavior() {
        return Behaviors.receive(Object.class)
                .onMessage(SocketEvent.Line.class, this::onLine)
                .onMessage(Answer.class, this::onAnswer)
                .onMessage(SocketEvent.Writable.class, writable -> proceed())
                .onMessage(SocketEvent.Tick.class, tick -> onTick())
                .onMessage(ControlMessage.Working.class, this::onWorking)
                .onMessage(SocketEvent.NodeLost.class, this::onNodeLost)
                .onMessage(ControlMessage.ConnectOut.class, this::onConnectOut)
                .onMessage(SocketEvent.TlsStarted.class, this::onTlsStarted)
                .onMessage(SocketEvent.TlsEnded.class, ended -> onTlsEnded())
                .onMessage(SocketEvent.InputEnded.class, ended -> onInputEnd(true))
                .onMessage(SocketEvent.InputPaused.class, paused -> onInputEnd(false))
                .onMessage(UploadOverdue.class, this::onUploadOverdue)
                .onMessage(SocketEvent.SocketClosed.class, this::onSocketClosed)
                .build();
    }

    private Behavior<Object> onLine(SocketEvent.Line line) {
        waiting.add(line);
        return proceed();
    }

    private Request.Parsed parsed(SocketEvent.Line line) {
        if (line.undoubled()
                && !encoding.isUtf8()) { // known only now: the line may have come before the login's answer
            return Request.Parsed.of(Fault.NOT_DOUBLED);
        }
        return line.fault().map(Request.Parsed::of).orElseGet(() -> Request.parse(line.bytes(), encoding));
    }

    /** Sends the next command, unless another one is unanswered or the client does not read its replies. */
    private Behavior<Object> proceed() {
        while (!silent
                && session.hasGreeted()
                && outstanding == 0
                && urgent.isEmpty()
                && !waiting.isEmpty()
                && socket.isWritable()) {
            Request.Parsed next = parsed(waiting.remove());
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
        if (inputEnd != InputState.OPEN && !silent && outstanding == 0 && urgent.isEmpty() && waiting.isEmpty()) {
            inputEnd = InputState.OPEN;
            socket.answered();
        }
        return Behaviors.same();
    }

    private Behavior<Object> onInputEnd(boolean sure) {
        inputEnd = sure ? InputState.ENDED : InputState.PAUSED;
        limitUpload();
        return proceed();
    }

    /**
     * Limits an upload whose client has closed its sending half: the client may be dead. The upload then has as much
     * time as without the connection. QUIT lifts that limit, because it shows that the client meant to go.
     */
    private void limitUpload() {
        if (inputEnd == InputState.ENDED && uploading && outstanding != 0 && !saidQuit()) {
            context.scheduleOnce(
                    listener.settings().times().uploadGrace(), context.getSelf(), new UploadOverdue(outstanding));
        }
    }

    private Behavior<Object> onUploadOverdue(UploadOverdue overdue) {
        if (outstanding == overdue.sequence()) {
            close(
                    Reply.of(421, "The upload went on for too long after the end of your commands."),
                    ControlMessage.UPLOAD_OVERDUE);
        }
        return Behaviors.same();
    }

    private void dispatch(Request request) {
        if (!loggedIn && OTHER_PROTOCOLS.contains(request.verb())) {
            close(Reply.of(500, "This is an FTP server."), "not FTP");
            return;
        }
        outstanding = ++sequence;
        Call call = listener.commands().call(request);
        if (call.does(Effect.NAMES_USER)) {
            socket.named(request.text());
        }
        interruptible = call.does(Effect.INTERRUPTIBLE);
        uploading = call.does(Effect.UPLOADS);
        if (interruptible) {
            socket.transferring(true);
        }
        deliver(outstanding, request);
        limitUpload();
    }

    private void deliver(long number, Request request) {
        socket.awaiting(true);
        session.deliver(number, request);
    }

    private void refuse(Fault fault) {
        if (fault == Fault.TOO_LONG && ++faults >= MAX_FAULTS) {
            close(Reply.of(421, "Too many overlong lines."), "overlong lines");
        } else if (!loggedIn
                && fault == Fault.SYNTAX
                && ++unknown >= listener.settings().lines().maxUnknownBeforeLogin()) {
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
        for (Iterator<SocketEvent.Line> lines = waiting.iterator();
                lines.hasNext() && urgent.size() < MAX_URGENT && socket.isWritable(); ) {
            Optional<Request> request = parsed(lines.next()).request();
            if (request.isPresent() && isUrgent(request.get())) {
                lines.remove();
                socket.consumed();
                urgent.add(++sequence);
                deliver(sequence, request.get());
            }
        }
    }

    private boolean isUrgent(Request request) {
        Call call = listener.commands().call(request);
        return call.does(Effect.ABORTS)
                || transferring
                        && call.does(Effect.TELLS_PROGRESS)
                        && request.text().isEmpty();
    }

    private Behavior<Object> onAnswer(Answer answer) {
        boolean isCurrent = answer.sequence() != 0 && answer.sequence() == outstanding;
        if (isRepeated(answer, isCurrent)) {
            context.getLog().debug("a second reply to command {} is dropped", answer.sequence());
            return Behaviors.same();
        }
        session.heard(answer);
        socket.awaiting(session.isAwaited());
        if (!answer.encoding().equals(encoding.isUtf8() ? "" : encoding.name())) {
            encoding = Encoding.of(answer.encoding());
            socket.eightBit(!encoding.isUtf8());
        }
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
            return session.isGreetingAgain(answer);
        }
        session.alive(answer.sequence());
        return isCurrent ? !answer.last() && transferring : !urgent.remove(answer.sequence());
    }

    private Behavior<Object> onWorking(ControlMessage.Working working) {
        session.alive(working.sequence());
        return Behaviors.same();
    }

    private Behavior<Object> onTick() {
        if (!session.sendAgain()) {
            close(Reply.of(421, "Service is not available, please reconnect."), "the session does not answer");
        }
        return Behaviors.same();
    }

    private Behavior<Object> onNodeLost(SocketEvent.NodeLost lost) {
        session.nodeLost(lost.address());
        return Behaviors.same();
    }

    private void perform(Answer answer) {
        After after = answer.after();
        if (!loggedIn
                && answer.code() == 500
                && ++unknown >= listener.settings().lines().maxUnknownBeforeLogin()) {
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
            socket.closeAfter(
                    answer.wire(), answer.code() == 221 ? ControlMessage.CLIENT_QUIT : "closed by the server");
            if (after == After.END) {
                socket.closeSoon();
            }
        } else {
            // The limit of lines rises before the client can know that it is logged in.
            if (after == After.LOGGED_IN) {
                loggedIn = true;
                socket.loggedIn();
            }
            socket.write(answer.wire());
        }
    }

    private Behavior<Object> onTlsStarted(SocketEvent.TlsStarted started) {
        session.tlsEstablished(started.facts());
        silent = false;
        return proceed();
    }

    private Behavior<Object> onTlsEnded() {
        silent = false;
        return proceed();
    }

    private Behavior<Object> onConnectOut(ControlMessage.ConnectOut order) {
        listener.connector().connect(socket.link(), order, session.way());
        return Behaviors.same();
    }

    private Behavior<Object> onSocketClosed(SocketEvent.SocketClosed closed) {
        return session.close(context, saidQuit() ? ControlMessage.CLIENT_QUIT : closed.reason());
    }

    /** Returns true when QUIT waits. QUIT may come during a transfer and be followed by the end of the connection. */
    private boolean saidQuit() {
        return waiting.stream()
                .flatMap(line -> parsed(line).request().stream())
                .anyMatch(request -> listener.commands().call(request).does(Effect.ENDS_SESSION));
    }
}
