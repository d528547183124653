package flotilla.node.session;

import flotilla.node.message.ControlMessage;
import flotilla.node.message.SessionMessage;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The messages that a session takes: for each kind a line with the phases in which it can come, and with the part of the
 * session that takes it. One table serves all sessions. A message in another phase is logged, and its part decides if it
 * still counts.
 */
final class Inbox {
    /** The phases of a session whose client has joined. {@link Succession} comes before them, {@link Departure} after them. */
    enum Phase {
        /** Each command has its last reply. */
        IDLE,
        /** A command runs that is no transfer. */
        WORKING,
        /** A transfer runs, from the lock of its file to its last reply. */
        TRANSFERRING
    }

    private static final Set<Phase> ALWAYS = EnumSet.allOf(Phase.class);
    private static final Set<Phase> WORKING = EnumSet.of(Phase.WORKING);

    private final Map<Class<?>, Entry> entries = new HashMap<>();

    private record Entry(Set<Phase> phases, BiFunction<Session, SessionMessage, Behavior<SessionMessage>> taking) {}

    /** What clients, their connections, operators and other nodes send. */
    private Inbox withMessages() {
        return step(SessionMessage.Command.class, ALWAYS, Session::onCommand)
                .step(SessionMessage.DataArrived.class, ALWAYS, (session, data) -> session.transfers.onArrived(data))
                .step(SessionMessage.DataRefused.class, ALWAYS, (session, data) -> session.transfers.onRefused(data))
                .step(SessionMessage.DataFailed.class, ALWAYS, (session, none) -> session.transfers.onFailed())
                .step(
                        SessionMessage.TransferEnded.class,
                        ALWAYS,
                        (session, ended) -> session.transfers.onEnded(ended.result()))
                .step(SessionMessage.Progress.class, ALWAYS, (session, moved) -> session.transfers.onProgress(moved))
                .step(
                        SessionMessage.TlsEstablished.class,
                        EnumSet.of(Phase.IDLE, Phase.WORKING),
                        (session, tls) -> session.onTls(tls.facts()))
                .step(SessionMessage.ControlClosed.class, ALWAYS, (session, closed) -> {
                    closed.control().tell(ControlMessage.Released.INSTANCE);
                    session.onControlClosed(closed.reason());
                })
                .step(SessionMessage.Kick.class, ALWAYS, (session, kick) -> session.onKick(kick.reason()))
                .step(SessionMessage.AccountChanged.class, ALWAYS, (session, changed) -> session.logins.review())
                .step(Session.HandOff.class, ALWAYS, (session, handOff) -> session.departure.begin())
                .take(SessionMessage.Vouch.class, ALWAYS, Session::onVouch)
                .take(SessionMessage.Connected.class, ALWAYS, (session, again) -> session.onConnectedAgain())
                .take(SessionMessage.Wake.class, ALWAYS, (session, wake) -> Behaviors.same());
    }

    /** What a session tells itself. */
    private Inbox withEvents() {
        return step(CommandDesk.Finished.class, WORKING, (session, done) -> session.commands.onFinished(done))
                .step(EndpointDesk.Leased.class, WORKING, (session, leased) -> session.endpoint.onLeased(leased))
                .step(EndpointDesk.LeaseAgain.class, WORKING, (session, again) -> session.endpoint.askAgain(again))
                .step(EndpointDesk.Reopened.class, ALWAYS, (session, open) -> session.transfers.onReopened(open))
                .step(EndpointDesk.Gone.class, ALWAYS, (session, gone) -> session.transfers.onGone(gone))
                .step(FileLock.Answered.class, ALWAYS, (session, answer) -> session.transfers.onLocked(answer))
                .step(FileLock.Again.class, ALWAYS, (session, again) -> session.transfers.onLockAgain(again))
                .step(
                        DataWait.Over.class,
                        EnumSet.of(Phase.TRANSFERRING),
                        (session, over) -> session.transfers.onWaited(over))
                .step(TransferDesk.Abandoned.class, ALWAYS, (session, upload) -> session.transfers.onAbandoned(upload))
                .step(Session.ControlLost.class, ALWAYS, (session, lost) -> session.onControlLost())
                .step(Session.EndNow.class, ALWAYS, (session, now) -> session.sayGoodbye())
                .take(Outbox.Saved.class, WORKING, Session::onSaved)
                .take(Outbox.Ahead.class, ALWAYS, Session::onAhead)
                .take(Outbox.Written.class, ALWAYS, Session::onWritten)
                .take(Departure.Step.class, ALWAYS, (session, late) -> session.departure.overdue());
    }

    /** What a session tells itself about logins and accounts. */
    private Inbox withLogins() {
        return step(LoginDesk.Decided.class, WORKING, (session, login) -> session.logins.onDecided(login))
                .step(LoginDesk.AskPassword.class, WORKING, (session, ask) -> session.logins.onAskPassword(ask))
                .step(LoginDesk.DelayedRefusal.class, WORKING, (session, late) -> session.logins.onDelayed(late))
                .step(LoginDesk.Reviewed.class, ALWAYS, (session, account) -> session.logins.onReviewed(account))
                .step(LoginDesk.NotReviewed.class, ALWAYS, (session, none) -> {})
                .step(LoginDesk.ReviewDue.class, ALWAYS, (session, due) -> session.logins.onReviewDue())
                .step(LoginDesk.HomeOpened.class, ALWAYS, (session, home) -> {})
                .step(LoginDesk.HomeLost.class, ALWAYS, (session, home) -> session.logins.onHomeLost(home));
    }

    private static final Inbox TABLE = new Inbox().withMessages().withEvents().withLogins();

    private <M extends SessionMessage> Inbox step(Class<M> type, Set<Phase> phases, BiConsumer<Session, M> step) {
        return take(type, phases, (session, message) -> session.then(() -> step.accept(session, message)));
    }

    private <M extends SessionMessage> Inbox take(
            Class<M> type, Set<Phase> phases, BiFunction<Session, M, Behavior<SessionMessage>> taking) {
        entries.put(type, new Entry(phases, (session, message) -> taking.apply(session, type.cast(message))));
        return this;
    }

    /** Gives a message to its part of the session, and returns the session's next behavior. */
    static Behavior<SessionMessage> take(Session session, SessionMessage message) {
        Entry entry = TABLE.entries.get(message.getClass());
        if (entry == null) {
            return Behaviors.unhandled(); // of a later release
        }
        Phase phase = session.phase();
        if (!entry.phases().contains(phase)) {
            session.unexpected(message, phase);
        }
        return entry.taking().apply(session, message);
    }

    /** The kinds of messages that have a line. */
    static Set<Class<?>> kinds() {
        return Set.copyOf(TABLE.entries.keySet());
    }
}
