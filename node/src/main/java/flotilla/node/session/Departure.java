package flotilla.node.session;

import flotilla.node.event.NodeEvent;
import flotilla.node.message.SessionMessage;
import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Moves a session to another node when its shard moves: the current command ends, no new one begins, and the record is
 * written for the next incarnation. Part of the session's actor.
 */
final class Departure {
    /** Longest time for which a command may hold up the move of its session. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * Extra time for pending cluster operations: removing a hung member takes that long. A copy that was interrupted has
     * it, too. Sharding waits 20 s in all.
     */
    private static final Duration LONGER = Duration.ofSeconds(7);

    /** Pause before a failed write of the record is repeated. */
    private static final Duration AGAIN_AFTER = Duration.ofMillis(250);

    /** The messages that drive the departure. */
    enum Step implements SessionEvent {
        SAVED,
        NOT_SAVED,
        AGAIN,
        OVERDUE
    }

    private final ActorContext<SessionMessage> context;
    private final TimerScheduler<SessionMessage> timers;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private final Grants grants;
    private final TransferDesk transfers;
    private final Runnable ended;
    private boolean begun;
    private boolean waitedLonger;
    private boolean elsewhere;

    /**
     * Prepares a departure that has not begun.
     *
     * @param ended runs when the session has left
     */
    Departure(Parts parts, TransferDesk transfers, Runnable ended) {
        this.context = parts.context();
        this.timers = parts.timers();
        this.env = parts.env();
        this.session = parts.session();
        this.client = parts.client();
        this.grants = parts.grants();
        this.transfers = transfers;
        this.ended = ended;
    }

    /** Begins the departure. A short command ends first; a transfer continues without this actor. */
    void begin() {
        begun = true;
        timers.startSingleTimer(Step.OVERDUE, LONGEST);
    }

    boolean isBegun() {
        return begun;
    }

    /** Returns true when the session has to leave and another incarnation can continue from here. */
    boolean isDue() {
        boolean atRest = transfers.isRunning()
                ? transfers.isSettled()
                : !session.command().isUnanswered();
        return begun && atRest && !grants.isAwaiting();
    }

    /**
     * Returns true when another incarnation owns the session, or will own it. This one must not release what the
     * session holds.
     */
    boolean isElsewhere() {
        return elsewhere;
    }

    /**
     * Writes the record for the next incarnation, then stops. It ignores the messages that come meanwhile: their
     * senders send them again, to the next incarnation.
     */
    Behavior<SessionMessage> leave() {
        elsewhere = true;
        timers.cancel(Step.OVERDUE);
        env.events().accept(new NodeEvent.HandedOff(session.state().link()));
        write();
        return Behaviors.receive(SessionMessage.class)
                .onMessage(Step.class, this::onStep)
                .onAnyMessage(late -> Behaviors.same())
                .onSignal(PostStop.class, stop -> {
                    ended.run();
                    return Behaviors.same();
                })
                .build();
    }

    private void write() {
        grants.pipe(client.saveAll(), current -> Step.SAVED, failure -> {
            context.getLog().warn("session {} could not be written, trying again", session.sessionId(), failure);
            return Step.NOT_SAVED;
        });
    }

    private Behavior<SessionMessage> onStep(Step step) {
        switch (step) {
            case SAVED -> {
                return Behaviors.stopped();
            }
            case NOT_SAVED -> timers.startSingleTimer(Step.AGAIN, AGAIN_AFTER);
            case AGAIN -> write();
            case OVERDUE -> {}
        }
        return Behaviors.same();
    }

    /**
     * Leaves although a command still runs: the next incarnation tells the client that the command's result is unknown.
     */
    Behavior<SessionMessage> overdue() {
        boolean isEnding = session.command().endsForMove();
        if ((isEnding || grants.isAwaiting()) && !waitedLonger) {
            waitedLonger = true;
            timers.startSingleTimer(Step.OVERDUE, LONGER);
            return Behaviors.same();
        }
        context.getLog()
                .warn(
                        "session {} moves in the middle of {}",
                        session.sessionId(),
                        session.call().verb());
        if (session.command().isUnanswered()) {
            session.command().begin();
        }
        return leave();
    }

    /** Stops, because a newer incarnation owns the session. */
    Behavior<SessionMessage> superseded() {
        context.getLog().warn("session {} is owned by a newer incarnation", session.sessionId());
        elsewhere = true;
        return Behaviors.stopped();
    }
}
