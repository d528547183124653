package flotilla.node.session;

import flotilla.node.command.CommandTable;
import flotilla.node.command.Policy;
import flotilla.node.command.Turn;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.LiveSession;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a session share: its state, the command that runs, and the way to the client. State that the client can see is
 * written through before the reply that shows it leaves.
 */
final class Conversation {
    /** Verbs whose effect is outside the session's own state: never to be done twice. */
    static final Set<String> CHANGING_VERBS =
            Set.of("DELE", "MKD", "XMKD", "RMD", "XRMD", "RNTO", "MFMT", "MFF", "SITE");

    private static final Reply INTERRUPTED =
            Reply.of(451, "The server was interrupted: please see whether this was done.");

    /** The state is written; the reply may leave. @param current false when a newer incarnation owns the session */
    record Saved(long sequence, Reply reply, After after, boolean current) {}

    /** The state is written and what waited for that may begin. @param current as in {@link Saved} */
    record Ahead(boolean written, boolean current, Consumer<Boolean> next) {}

    private final ActorContext<Object> context;
    private final SessionEnvironment env;
    private final String sessionId;
    private final SessionRecords records;
    private final LiveSession live;
    private @Nullable ActorRef<ControlMessage> control;
    private @Nullable SessionState state;
    private Optional<UserTree> home = Optional.empty();
    private long sequence;
    private Request request = Request.of("NOOP");
    /** Whether the command of {@link #sequence} still waits for its reply. */
    private boolean unanswered;
    /** The command may have changed files and its reply is not known to other incarnations. */
    private boolean begun;

    private Optional<Answer> answer = Optional.empty();
    private Supplier<SavedSession> snapshot = () -> {
        throw new IllegalStateException("no snapshot");
    };
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
        this.live = env.live().session(sessionId, context.getSelf().unsafeUpcast());
    }

    String sessionId() {
        return sessionId;
    }

    /** What others see of the session. */
    LiveSession live() {
        return live;
    }

    SessionState state() {
        if (state == null) {
            throw new IllegalStateException("session " + sessionId + " is not connected");
        }
        return state;
    }

    void become(SessionState next) {
        state = next;
        live.is(next);
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

    /** Whether the control connection is on another node: then the client outlives this node, and its session shall, too. */
    boolean isApart() {
        return !state().link().controlMember().equals(env.cluster().memberId());
    }

    /** @param all of the session as it is kept */
    void snapshots(Supplier<SavedSession> all) {
        snapshot = all;
    }

    /** Goes on where another incarnation stopped. */
    void restore(Revival revival) {
        SavedSession.Progress progress = revival.saved().progress();
        state = revival.state();
        sequence = progress.sequence();
        closed = progress.closed();
        talkTo(progress.control());
        records.claimed(revival.epoch(), revival.state());
        answer = progress.begun()
                        && progress.answer().isEmpty()
                        && progress.transfer().isEmpty()
                ? Optional.of(encoded(sequence, INTERRUPTED, After.NOTHING))
                : progress.answer();
    }

    boolean isUnanswered() {
        return unanswered;
    }

    boolean isBegun() {
        return begun;
    }

    Optional<Answer> lastAnswer() {
        return answer;
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
            repeated(command.sequence());
            return false;
        }
        if (unanswered && request.isInterruptible() && command.verb().equals("ABOR")) {
            aborts = new ArrayList<>(aborts);
            aborts.add(command.sequence());
            interruptIfAsked();
            return false;
        }
        unanswered = true;
        begun = false;
        answer = Optional.empty();
        sequence = command.sequence();
        request = new Request(command.verb(), command.argument());
        live.commanded(command.verb());
        return true;
    }

    /** Gives a command back that was not begun after all: it is sent again. */
    void returnCommand() {
        unanswered = false;
        begun = false;
        sequence--;
    }

    /** A command was sent again: its reply is under way, or was lost. */
    private void repeated(long again) {
        if (again == sequence && !unanswered && answer.isPresent()) {
            Answer lost = answer.get();
            control().tell(new Answer(lost.sequence(), lost.code(), lost.wire(), true, lost.after(), self()));
        } else {
            working(again);
        }
    }

    /** Tells the control connection that a command is worked on. */
    void working(long answering) {
        control().tell(new ControlMessage.Working(answering));
    }

    private ActorRef<SessionMessage> self() {
        return context.getSelf().unsafeUpcast();
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
        answer = Optional.of(encoded(answering, reply, after));
        Optional<CompletionStage<Boolean>> saving = records.save(state(), isApart(), snapshot);
        if (saving.isEmpty()) {
            send(answering, reply, after);
        } else {
            pipe(saving.get(), current -> new Saved(answering, reply, after, current), failure -> {
                context.getLog().warn("session {} could not be written", sessionId, failure);
                return new Saved(answering, reply, after, true);
            });
        }
    }

    /** Answers a command whose outcome the client sees also without the reply: nothing waits until it is written. */
    void saveAndSend(long answering, Reply reply) {
        answer = Optional.of(encoded(answering, reply, After.NOTHING));
        save();
        send(answering, reply, After.NOTHING);
    }

    void save() {
        records.save(state(), isApart(), snapshot);
    }

    /** Writes everything there is to know, for the next incarnation. */
    CompletionStage<Boolean> saveAll() {
        return records.write(state(), snapshot);
    }

    /**
     * Does {@code next} once it is written that the command has begun, so that no other incarnation does it again; told false when
     * that cannot be written, and nothing may be done. A session with its control connection has no other incarnation to tell.
     */
    void ahead(Consumer<Boolean> next) {
        begun = true;
        if (!isApart()) {
            next.accept(true);
            return;
        }
        pipe(saveAll(), current -> new Ahead(true, current, next), failure -> {
            context.getLog().warn("session {} could not be written", sessionId, failure);
            return new Ahead(false, true, next);
        });
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
        Answer next = encoded(answered, reply, after);
        if (answered == sequence && next.last()) {
            answer = Optional.of(next);
        }
        control().tell(next);
    }

    private Answer encoded(long answered, Reply reply, After after) {
        return new Answer(answered, reply.code(), reply.encode(), !reply.isPreliminary(), after, self());
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
