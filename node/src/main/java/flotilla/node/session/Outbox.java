package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The way to the client of a session. A state that a reply shows to the client is written to the cluster before that
 * reply leaves. Part of the session's actor.
 */
final class Outbox {
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
    private final Conversation session;
    private final Grants grants;
    private final SessionRecords records;
    private final LastReply lastReply;
    private final CommandLog log;
    private @Nullable ActorRef<ControlMessage> control;

    /**
     * Begins without a client.
     *
     * @param snapshot makes the session's complete record
     */
    Outbox(
            ActorContext<SessionMessage> context,
            SessionEnvironment env,
            Conversation session,
            Grants grants,
            Supplier<SavedSession> snapshot) {
        this.context = context;
        this.env = env;
        this.session = session;
        this.grants = grants;
        this.records = new SessionRecords(env.cluster().sessions(), session.sessionId(), snapshot);
        this.lastReply = new LastReply(context.getSelf());
        this.log = new CommandLog(env.events());
    }

    void talkTo(ActorRef<ControlMessage> client) {
        control = client;
    }

    ActorRef<ControlMessage> control() {
        if (control == null) {
            throw new IllegalStateException("session " + session.sessionId() + " has no control connection");
        }
        return control;
    }

    /** Restores the way to the client of the former incarnation. */
    void restore(Revival revival) {
        talkTo(revival.saved().progress().control());
        records.claimed(revival.epoch(), revival.state());
        lastReply.restore(revival.saved().progress(), revival.state().encoding());
    }

    Optional<Answer> lastAnswer() {
        return lastReply.kept();
    }

    /**
     * Takes the next command. Returns false for a command that was taken before, and for an ABOR of the current
     * command.
     */
    boolean begin(long number, Call call) {
        CurrentCommand current = session.command();
        if (current.isKnown(number)) {
            repeated(number);
            return false;
        }
        if (current.isAbortedBy(number, call)) {
            return false;
        }
        current.take(number, call);
        log.begun(session.state());
        lastReply.clear();
        session.live().commanded(call.verb());
        return true;
    }

    /**
     * Answers a command that was sent again: with its reply, if that is known, else with the news that the command
     * still runs.
     */
    private void repeated(long again) {
        Optional<Answer> lost = lastReply.again();
        if (again == session.sequence() && !session.command().isUnanswered() && lost.isPresent()) {
            control().tell(lost.get());
        } else {
            working(again);
        }
    }

    /** Tells the control connection that the command with this number still runs. */
    void working(long answering) {
        control().tell(new ControlMessage.Working(answering));
    }

    /** Answers the current command once the state is written. */
    void saveThenSend(Reply reply, After after) {
        report(reply);
        long answering = session.sequence();
        lastReply.keep(lastReply.encoded(answering, reply, after, session.encoding()));
        records.save(session.state(), session.isApart())
                .ifPresentOrElse(
                        saving -> grants.pipe(saving, owned -> new Saved(answering, reply, after, owned), failure -> {
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
        lastReply.keep(lastReply.encoded(answering, reply, After.NOTHING, session.encoding()));
        save();
        send(answering, reply, After.NOTHING);
    }

    void save() {
        records.save(session.state(), session.isApart())
                .ifPresent(saving -> grants.pipe(saving, Written::new, failure -> {
                    notWritten(failure);
                    return new Written(true);
                }));
    }

    private void notWritten(Throwable failure) {
        context.getLog().warn("session {} could not be written", session.sessionId(), failure);
        records.notWritten();
    }

    /**
     * Writes the complete record, for the next incarnation.
     *
     * @return false when a newer incarnation owns the session
     */
    CompletionStage<Boolean> saveAll() {
        return records.write(session.state());
    }

    /**
     * Records that the current command has begun, then runs {@code next}; so no other incarnation runs the command
     * again. When the record cannot be written, {@code next} gets false and must do nothing. A session on the node of
     * its control connection dies with that node, so it writes no record and {@code next} runs at once.
     */
    void ahead(Consumer<Boolean> next) {
        session.command().begin();
        if (!session.isApart()) {
            next.accept(true);
            return;
        }
        grants.pipe(saveAll(), owned -> new Ahead(true, owned, next), failure -> {
            notWritten(failure);
            return new Ahead(false, true, next);
        });
    }

    void forgetRecord() {
        records.remove();
    }

    void send(long answered, Reply reply, After after) {
        tell(answered, reply, after);
        if (answered == session.sequence() && !reply.isPreliminary()) {
            session.command()
                    .answered()
                    .forEach(abort -> tell(abort, Reply.of(226, "Abort successful."), After.NOTHING));
        }
    }

    private void tell(long answered, Reply reply, After after) {
        Answer next = lastReply.encoded(answered, reply, after, session.encoding());
        if (answered == session.sequence() && next.last()) {
            lastReply.keep(next);
        }
        control().tell(next);
    }

    void limited(NodeEvent.Limit limit) {
        env.events()
                .accept(new NodeEvent.Limited(session.state().link().client().getHostAddress(), limit));
    }

    /** Reports the current command and its reply to the trace and the log of changes. */
    void report(Reply reply) {
        log.answered(session.state(), session.call(), reply);
    }
}
