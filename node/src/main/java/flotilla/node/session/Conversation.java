package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.command.Policy;
import flotilla.node.command.Turn;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.overview.LiveSession;
import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import java.util.Optional;
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
    /** The state is written; the reply may leave. @param current false when a newer incarnation owns the session */
    record Saved(long sequence, Reply reply, After after, boolean current) {}

    /** The state is written and what waited for that may begin. @param current as in {@link Saved} */
    record Ahead(boolean written, boolean current, Consumer<Boolean> next) {}

    /** The state is written, for nobody waits. @param current as in {@link Saved} */
    record Written(boolean current) {}

    private final ActorContext<Object> context;
    private final SessionEnvironment env;
    private final String sessionId;
    private final SessionRecords records;
    private final LiveSession live;
    private final CurrentCommand current;
    private final LastReply lastReply;
    private final CommandLog log;
    private @Nullable ActorRef<ControlMessage> control;
    private @Nullable SessionState state;
    private Optional<UserTree> home = Optional.empty();
    /** Grants of shared state that were asked for and have not come: they must be given back also after the client is gone. */
    private int awaited;

    private boolean closed;

    /** @param snapshot all of the session as it is kept */
    Conversation(
            ActorContext<Object> context, SessionEnvironment env, String sessionId, Supplier<SavedSession> snapshot) {
        this.context = context;
        this.env = env;
        this.sessionId = sessionId;
        this.records = new SessionRecords(env.cluster().sessions(), sessionId, snapshot);
        this.live = env.live().session(sessionId, context.getSelf().unsafeUpcast());
        this.current = new CurrentCommand(env.commands());
        this.lastReply = new LastReply(context.getSelf().unsafeUpcast());
        this.log = new CommandLog(env.events());
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
        current.abandon();
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

    /** Goes on where another incarnation stopped. */
    void restore(Revival revival) {
        SavedSession.Progress progress = revival.saved().progress();
        become(revival.state());
        current.restore(progress.sequence());
        if (progress.closed()) {
            close();
        }
        talkTo(progress.control());
        records.claimed(revival.epoch(), revival.state());
        lastReply.restore(progress);
    }

    /** The command that runs, or ran last. */
    CurrentCommand command() {
        return current;
    }

    Optional<Answer> lastAnswer() {
        return lastReply.kept();
    }

    ActorRef<ControlMessage> control() {
        if (control == null) {
            throw new IllegalStateException("session " + sessionId + " has no control connection");
        }
        return control;
    }

    long sequence() {
        return current.sequence();
    }

    Call call() {
        return current.call();
    }

    boolean isCurrent(long answering) {
        return answering == current.sequence() && !closed;
    }

    /** Takes the next command; false for one that was taken before, or is an ABOR for the one that runs. */
    boolean begin(long number, Call call) {
        if (current.isKnown(number)) {
            repeated(number);
            return false;
        }
        if (current.isAbortedBy(number, call)) {
            return false;
        }
        current.take(number, call);
        log.begun(state());
        lastReply.clear();
        live.commanded(call.verb());
        return true;
    }

    /** A command was sent again: its reply is under way, or was lost. */
    private void repeated(long again) {
        Optional<Answer> lost = lastReply.again();
        if (again == current.sequence() && !current.isUnanswered() && lost.isPresent()) {
            control().tell(lost.get());
        } else {
            working(again);
        }
    }

    /** Tells the control connection that a command is worked on. */
    void working(long answering) {
        control().tell(new ControlMessage.Working(answering));
    }

    /** The state as a command sees it: what RNFR named is there for the command that takes it only. */
    Turn turn() {
        SessionState seen = call().does(Effect.TAKES_RENAME_SOURCE) ? state() : state().withRename(Optional.empty());
        return new Turn(seen, home, policy(), env.commands().specs(), env.services());
    }

    Policy policy() {
        return env.settings().policy(state());
    }

    void enter(Optional<UserTree> tree) {
        home = tree;
    }

    /** Answers the command that runs, after its state is written. */
    void saveThenSend(Reply reply, After after) {
        report(reply);
        long answering = current.sequence();
        lastReply.keep(lastReply.encoded(answering, reply, after));
        records.save(state(), isApart())
                .ifPresentOrElse(
                        saving -> pipe(saving, owned -> new Saved(answering, reply, after, owned), failure -> {
                            notWritten(failure);
                            return new Saved(answering, reply, after, true);
                        }),
                        () -> send(answering, reply, after));
    }

    /** Answers a command whose outcome the client sees also without the reply: nothing waits until it is written. */
    void saveAndSend(long answering, Reply reply) {
        lastReply.keep(lastReply.encoded(answering, reply, After.NOTHING));
        save();
        send(answering, reply, After.NOTHING);
    }

    void save() {
        records.save(state(), isApart())
                .ifPresent(saving -> pipe(saving, Written::new, failure -> {
                    notWritten(failure);
                    return new Written(true);
                }));
    }

    private void notWritten(Throwable failure) {
        context.getLog().warn("session {} could not be written", sessionId, failure);
        records.notWritten();
    }

    /** Writes everything there is to know, for the next incarnation. */
    CompletionStage<Boolean> saveAll() {
        return records.write(state());
    }

    /**
     * Does {@code next} once it is written that the command has begun, so that no other incarnation does it again; told false when
     * that cannot be written, and nothing may be done. A session with its control connection has no other incarnation to tell.
     */
    void ahead(Consumer<Boolean> next) {
        current.begin();
        if (!isApart()) {
            next.accept(true);
            return;
        }
        pipe(saveAll(), owned -> new Ahead(true, owned, next), failure -> {
            notWritten(failure);
            return new Ahead(false, true, next);
        });
    }

    void forgetRecord() {
        records.remove();
    }

    void send(long answered, Reply reply, After after) {
        tell(answered, reply, after);
        if (answered == current.sequence() && !reply.isPreliminary()) {
            current.answered().forEach(abort -> tell(abort, Reply.of(226, "Abort successful."), After.NOTHING));
        }
    }

    private void tell(long answered, Reply reply, After after) {
        Answer next = lastReply.encoded(answered, reply, after);
        if (answered == current.sequence() && next.last()) {
            lastReply.keep(next);
        }
        control().tell(next);
    }

    void limited(NodeEvent.Limit limit) {
        env.events().accept(new NodeEvent.Limited(state().link().client().getHostAddress(), limit));
    }

    /** Tells the trace and the log of changes about the command and its reply. */
    void report(Reply reply) {
        log.answered(state(), call(), reply);
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
