package flotilla.node.session;

import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.state.Endpoint;
import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Limits the time for which a transfer waits for its data connection. Part of the session's actor. */
final class DataWait {
    private static final String TIMER = "data-connection";

    /** The message that no data connection came in time. */
    record Over(long transferId) implements SessionEvent {}

    private final TimerScheduler<SessionMessage> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    /** Number of the transfer that waits, or waited last. */
    private long awaited;

    private long until;

    DataWait(TimerScheduler<SessionMessage> timers, SessionEnvironment env, Conversation client) {
        this.timers = timers;
        this.env = env;
        this.client = client;
    }

    /**
     * Starts the wait. A transfer that waits again, because a stranger came first, has the rest of its time only. With
     * an active endpoint, asks the node of the control connection to connect to the client.
     */
    void begin(RunningTransfer transfer) {
        Duration left = env.settings().dataConnectTimeout();
        if (awaited == transfer.id()) {
            left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
        } else {
            awaited = transfer.id();
            until = System.nanoTime() + left.toNanos();
        }
        timers.startSingleTimer(TIMER, new Over(transfer.id()), left);
        if (client.state().endpoint().orElse(null) instanceof Endpoint.Active active) {
            client.control()
                    .tell(new ControlMessage.ConnectOut(
                            active.client().getAddress(), active.client().getPort()));
        }
    }

    /** Ends the wait: the data connection has come, or the transfer is over. */
    void end() {
        timers.cancel(TIMER);
    }

    /** Reports that no data connection came. */
    void report() {
        env.events()
                .accept(new NodeEvent.NoDataConnection(
                        client.state().link(), client.state().login().name()));
    }
}
