package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.command.Policy;
import flotilla.node.command.Turn;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.LiveSession;
import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a session share this: the session's state, its current command, and the way to the client. A state that
 * a reply shows to the client is written to the cluster before that reply leaves.
 */
final class Conversation {
    /**
     * The message that the state is written, so the reply may leave.
     *
     * @param current false when a newer incarnation owns the session
     */
    record Saved(long sequence, Reply reply, After after, boolean current) implements SessionEvent {}

    /**
     * The message that the start of a command is recorded, so the command may run.
     *
     * @param written false when the record could not be written
     * @param current as in {@link Saved}
     * @param next the step that waits; it gets true when it may run
     */
    record Ahead(boolean written, boolean current, Consumer<Boolean> next) implements SessionEvent {}

    /**
     * The message that the state is written; no reply waits for it.
     *
     * @param current as in {@link Saved}
     */
    record Written(boolean current) implements SessionEvent {}

    private final ActorContext<SessionMessage> context;
    private final SessionEnvironment env;
    private final String sessionId;
    private final SessionRecords records;
    private final LiveSession live;
    private final CurrentCommand current;
    private final LastReply lastReply;
    private final CommandLog log;
    private @Nullable ActorRef<ControlMessage> control;
    private @Nullable SessionState state;
    private Optional<AsyncStorage<UserTree>> home = Optional.empty();
    /**
     * Grants of shared state that are still being requested. A grant that arrives after the client has gone must be
     * released.
     */
    private int awaited;

    private boolean closed;

    /**
     * Begins without state and without a client.
     *
     * @param snapshot makes the session's complete record
     */
    Conversation(
            ActorContext<SessionMessage> context,
            SessionEnvironment env,
            String sessionId,
            Supplier<SavedSession> snapshot) {
        this.context = context;
        this.env = env;
        this.sessionId = sessionId;
        this.records = new SessionRecords(env.cluster().sessions(), sessionId, snapshot);
        this.live = env.live().session(sessionId, context.getSelf());
        this.current = new CurrentCommand(env.commands());
        this.lastReply = new LastReply(context.getSelf());
        this.log = new CommandLog(env.events());
    }

    String sessionId() {
        return sessionId;
    }

    /** The view that other nodes and operators have of the session. */
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

    /** Returns true once the client has gone. From then on, a grant that arrives is only released. */
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

    /**
     * Returns true when the control connection is on another node. Its client then outlives this node, and so must the
     * session.
     */
    boolean isApart() {
        return !state().link().controlMember().equals(env.cluster().memberId());
    }

    /** Restores the state of the former incarnation. */
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

    /** The command that runs now; between commands, the last one. */
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

    /**
     * Takes the next command. Returns false for a command that was taken before, and for an ABOR of the current
     * command.
     */
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

    /**
     * Answers a command that was sent again: with its reply, if that is known, else with the news that the command
     * still runs.
     */
    private void repeated(long again) {
        Optional<Answer> lost = lastReply.again();
        if (again == current.sequence() && !current.isUnanswered() && lost.isPresent()) {
            control().tell(lost.get());
        } else {
            working(again);
        }
    }

    /** Tells the control connection that the command with this number still runs. */
    void working(long answering) {
        control().tell(new ControlMessage.Working(answering));
    }

    /**
     * The session's state as the current command may see it. Only a command that takes the file named by RNFR sees that
     * file.
     */
    Turn turn() {
        SessionState seen = call().does(Effect.TAKES_RENAME_SOURCE) ? state() : state().withRename(Optional.empty());
        return new Turn(seen, home, policy(), env.commands().specs(), env.services());
    }

    Policy policy() {
        return env.settings().policy(state());
    }

    void enter(Optional<AsyncStorage<UserTree>> tree) {
        home = tree;
    }

    /** Answers the current command once the state is written. */
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

    /**
     * Answers a command without waiting until the state is written: the client can see the outcome without the reply,
     * too.
     */
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

    /**
     * Writes the complete record, for the next incarnation.
     *
     * @return false when a newer incarnation owns the session
     */
    CompletionStage<Boolean> saveAll() {
        return records.write(state());
    }

    /**
     * Records that the current command has begun, then runs {@code next}; so no other incarnation runs the command
     * again. When the record cannot be written, {@code next} gets false and must do nothing. A session on the node of
     * its control connection dies with that node, so it writes no record and {@code next} runs at once.
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

    /** Reports the current command and its reply to the trace and the log of changes. */
    void report(Reply reply) {
        log.answered(state(), call(), reply);
    }

    /** Sends the result of a stage to the session as a message. */
    <T> void pipe(
            CompletionStage<? extends T> stage,
            Function<T, ? extends SessionMessage> success,
            Function<Throwable, ? extends SessionMessage> failure) {
        context.pipeToSelf(stage, (value, error) -> error == null ? success.apply(value) : failure.apply(error));
    }

    /** As {@link #pipe}, for a grant of shared state: the session does not end before the answer has come. */
    <T> void pipeGrant(
            CompletionStage<? extends T> stage,
            Function<T, ? extends SessionMessage> success,
            Function<Throwable, ? extends SessionMessage> failure) {
        awaited++;
        context.pipeToSelf(stage, (value, error) -> {
            awaited--;
            return error == null ? success.apply(value) : failure.apply(error);
        });
    }
}
