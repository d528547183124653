package flotilla.node.session;

import flotilla.node.command.CommandTable;
import flotilla.node.command.Policy;
import flotilla.node.command.Turn;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Names;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a session share: its state, the command that runs, and the way to the client. State that the client can see is
 * written through before the reply that shows it leaves.
 */
final class Conversation {
    private static final Set<String> CHANGING_VERBS =
            Set.of("DELE", "MKD", "XMKD", "RMD", "XRMD", "RNTO", "MFMT", "MFF", "SITE");

    /** The state is written; the reply may leave. @param current false when a newer incarnation owns the session */
    record Saved(long sequence, Reply reply, After after, boolean current) {}

    private final ActorContext<Object> context;
    private final SessionEnvironment env;
    private final String sessionId;
    private final SessionRecords records;
    private @Nullable ActorRef<ControlMessage> control;
    private @Nullable SessionState state;
    private Optional<UserTree> home = Optional.empty();
    private long sequence;
    private Request request = Request.of("NOOP");
    /** Whether the command of {@link #sequence} still waits for its reply. */
    private boolean unanswered;
    /** Ends the command that runs, once that can be done; ABOR asks for it. */
    private @Nullable Runnable interrupt;
    /** ABORs that came during such a command: answered after it. */
    private List<Long> aborts = List.of();
    /** Grants of shared state that were asked for and have not come: they must be given back also after the client is gone. */
    private int awaited;

    private boolean closed;

    Conversation(ActorContext<Object> context, SessionEnvironment env, String sessionId) {
        this.context = context;
        this.env = env;
        this.sessionId = sessionId;
        this.records = new SessionRecords(env.cluster().sessions(), sessionId);
    }

    String sessionId() {
        return sessionId;
    }

    SessionState state() {
        if (state == null) {
            throw new IllegalStateException("session " + sessionId + " is not connected");
        }
        return state;
    }

    void become(SessionState next) {
        state = next;
    }

    boolean isConnected() {
        return state != null;
    }

    /** The client is gone; what comes now is only given back. */
    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        interruptIfAsked();
    }

    boolean awaitsGrants() {
        return awaited > 0;
    }

    void talkTo(ActorRef<ControlMessage> client) {
        control = client;
    }

    ActorRef<ControlMessage> control() {
        if (control == null) {
            throw new IllegalStateException("session " + sessionId + " has no control connection");
        }
        return control;
    }

    long sequence() {
        return sequence;
    }

    Request request() {
        return request;
    }

    boolean isCurrent(long answering) {
        return answering == sequence && !closed;
    }

    /** Takes the next command; false for one that was taken before, or is an ABOR for the one that runs. */
    boolean begin(SessionMessage.Command command) {
        if (command.sequence() <= sequence) {
            return false;
        }
        if (unanswered && request.isInterruptible() && command.verb().equals("ABOR")) {
            aborts = new ArrayList<>(aborts);
            aborts.add(command.sequence());
            interruptIfAsked();
            return false;
        }
        unanswered = true;
        sequence = command.sequence();
        request = new Request(command.verb(), command.argument());
        return true;
    }

    void interruptible(Runnable cancel) {
        interrupt = cancel;
        interruptIfAsked();
    }

    private void interruptIfAsked() {
        if (interrupt != null && (closed || !aborts.isEmpty())) {
            interrupt.run();
        }
    }

    /** The state as a command sees it: what RNFR named is there for RNTO only. */
    Turn turn() {
        SessionState seen = request.verb().equals("RNTO") ? state() : state().withRename(Optional.empty());
        return new Turn(seen, home, policy(), CommandTable.standard(), env.services());
    }

    Policy policy() {
        return env.settings().policy(state().link());
    }

    void enter(Optional<UserTree> tree) {
        home = tree;
    }

    /** Answers the command that runs, after its state is written. */
    void saveThenSend(Reply reply, After after) {
        report(reply);
        long answering = sequence;
        Optional<CompletionStage<Boolean>> saving = records.save(state());
        if (saving.isEmpty()) {
            send(answering, reply, after);
        } else {
            pipe(saving.get(), current -> new Saved(answering, reply, after, current), failure -> {
                context.getLog().warn("session {} could not be written", sessionId, failure);
                return new Saved(answering, reply, after, true);
            });
        }
    }

    void save() {
        records.save(state());
    }

    void forgetRecord() {
        records.remove();
    }

    void send(long answered, Reply reply, After after) {
        tell(answered, reply, after);
        if (answered == sequence && !reply.isPreliminary()) {
            unanswered = false;
            interrupt = null;
            aborts.forEach(abort -> tell(abort, Reply.of(226, "Abort successful."), After.NOTHING));
            aborts = List.of();
        }
    }

    private void tell(long answered, Reply reply, After after) {
        control()
                .tell(new ControlMessage.Answer(
                        answered,
                        reply.code(),
                        reply.encode(),
                        !reply.isPreliminary(),
                        after,
                        context.getSelf().unsafeUpcast()));
    }

    void limited(NodeEvent.Limit limit) {
        env.events().accept(new NodeEvent.Limited(state().link().client().getHostAddress(), limit));
    }

    /** Tells the trace and the log of changes about the command and its reply. */
    void report(Reply reply) {
        String user = state().login().name();
        if (env.events().traces(user, state().link().client().getHostAddress())) {
            env.events()
                    .accept(new NodeEvent.Exchanged(
                            state().link(), user, request.redacted(), reply.code(), reply.text()));
        }
        if (CHANGING_VERBS.contains(request.verb()) && state().isLoggedIn()) {
            env.events()
                    .accept(new NodeEvent.TreeChanged(
                            state().link(),
                            user,
                            request.verb().toUpperCase(Locale.ROOT),
                            Names.printable(request.text()),
                            Optional.empty(),
                            !reply.isRefusal()));
        }
    }

    /** Brings the end of a stage to the session as a message. */
    <T> void pipe(
            CompletionStage<? extends T> stage, Function<T, Object> success, Function<Throwable, Object> failure) {
        context.pipeToSelf(stage, (value, error) -> error == null ? success.apply(value) : failure.apply(error));
    }

    /** As {@link #pipe}, for what must be given back if the client is gone when it comes. */
    <T> void pipeGrant(
            CompletionStage<? extends T> stage, Function<T, Object> success, Function<Throwable, Object> failure) {
        awaited++;
        context.pipeToSelf(stage, (value, error) -> {
            awaited--;
            return error == null ? success.apply(value) : failure.apply(error);
        });
    }
}
