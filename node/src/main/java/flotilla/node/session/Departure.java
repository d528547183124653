package flotilla.node.session;

import flotilla.node.event.NodeEvent;
import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
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

    /** How much longer what was asked of shared state may: a hung member is removed meanwhile, and sharding waits for 20 s. */
    private static final Duration LONGEST_FOR_GRANTS = Duration.ofSeconds(7);

    /** How soon a record that could not be written is written again. */
    private static final Duration AGAIN_AFTER = Duration.ofMillis(250);

    /** What the actor is told on its way out. */
    enum Step {
        SAVED,
        NOT_SAVED,
        AGAIN,
        OVERDUE
    }

    private final ActorContext<Object> context;
    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    private final TransferDesk transfers;
    private final Runnable ended;
    private boolean begun;
    private boolean waitedForGrants;
    private boolean elsewhere;

    /** @param ended done when the session has left */
    Departure(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            SessionEnvironment env,
            Conversation client,
            TransferDesk transfers,
            Runnable ended) {
        this.context = context;
        this.timers = timers;
        this.env = env;
        this.client = client;
        this.transfers = transfers;
        this.ended = ended;
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
        timers.cancel(Step.OVERDUE);
        env.events().accept(new NodeEvent.HandedOff(client.state().link()));
        write();
        return Behaviors.receive(Object.class)
                .onMessage(Step.class, this::onStep)
                .onAnyMessage(late -> Behaviors.same())
                .onSignal(PostStop.class, stop -> {
                    ended.run();
                    return Behaviors.same();
                })
                .build();
    }

    private void write() {
        client.pipe(client.saveAll(), current -> Step.SAVED, failure -> {
            context.getLog().warn("session {} could not be written, trying again", client.sessionId(), failure);
            return Step.NOT_SAVED;
        });
    }

    private Behavior<Object> onStep(Step step) {
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

    /** A command takes too long: the next incarnation tells the client that nobody knows how it ended. */
    Behavior<Object> overdue() {
        if (client.awaitsGrants() && !waitedForGrants) {
            waitedForGrants = true;
            timers.startSingleTimer(Step.OVERDUE, LONGEST_FOR_GRANTS);
            return Behaviors.same();
        }
        context.getLog()
                .warn(
                        "session {} moves in the middle of {}",
                        client.sessionId(),
                        client.call().verb());
        if (client.command().isUnanswered()) {
            client.command().begin();
        }
        return leave();
    }

    /** A newer incarnation has the session already. */
    Behavior<Object> superseded() {
        context.getLog().warn("session {} is owned by a newer incarnation", client.sessionId());
        elsewhere = true;
        return Behaviors.stopped();
    }
}
