package flotilla.node.session;

import flotilla.node.event.NodeEvent;
import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * How a session leaves for another incarnation when its shard moves: what runs comes to an end, nothing new begins, everything is
 * written. Part of the session's actor.
 */
final class Departure {
    /** How long a command may hold up the move of its session. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** What the actor is told on its way out. */
    enum Step {
        SAVED,
        NOT_SAVED,
        OVERDUE
    }

    private final ActorContext<Object> context;
    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    private final TransferDesk transfers;
    private boolean begun;
    private boolean elsewhere;

    Departure(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            SessionEnvironment env,
            Conversation client,
            TransferDesk transfers) {
        this.context = context;
        this.timers = timers;
        this.env = env;
        this.client = client;
        this.transfers = transfers;
    }

    /** The shard moves: a short command ends first, a transfer goes on without this actor. */
    void begin() {
        begun = true;
        timers.startSingleTimer(Step.OVERDUE, LONGEST);
    }

    boolean isBegun() {
        return begun;
    }

    /** Whether the session is to leave and at a point from where another incarnation can go on. */
    boolean isDue() {
        boolean atRest = transfers.isRunning()
                ? transfers.isSettled()
                : !client.command().isUnanswered();
        return begun && atRest && !client.awaitsGrants();
    }

    /** Another incarnation has the session, or will have: what it holds is not given back here. */
    boolean isElsewhere() {
        return elsewhere;
    }

    /** Writes what the next incarnation needs, and ends. What comes meanwhile is sent again, to that one. */
    Behavior<Object> leave() {
        elsewhere = true;
        env.events().accept(new NodeEvent.HandedOff(client.state().link()));
        client.pipe(client.saveAll(), current -> Step.SAVED, failure -> Step.NOT_SAVED);
        return Behaviors.receive(Object.class)
                .onMessage(Step.class, step -> {
                    if (step == Step.NOT_SAVED) {
                        context.getLog().warn("session {} could not be written, trying again", client.sessionId());
                        return leave();
                    }
                    return Behaviors.stopped();
                })
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }

    /** A command takes too long: the next incarnation tells the client that nobody knows how it ended. */
    Behavior<Object> leaveInTheMiddle() {
        context.getLog()
                .warn(
                        "session {} moves in the middle of {}",
                        client.sessionId(),
                        client.request().verb());
        return leave();
    }

    /** A newer incarnation has the session already. */
    Behavior<Object> superseded() {
        context.getLog().warn("session {} is owned by a newer incarnation", client.sessionId());
        elsewhere = true;
        return Behaviors.stopped();
    }
}
