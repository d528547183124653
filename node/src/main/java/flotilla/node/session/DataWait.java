package flotilla.node.session;

import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.state.Endpoint;
import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** The wait of a transfer for its data connection, which is limited in time. Part of the session's actor. */
final class DataWait {
    private static final String TIMER = "data-connection";

    /** None came in time. */
    record Over(long transferId) {}

    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    /** The transfer that waits, or has waited. */
    private long awaited;

    private long until;

    DataWait(TimerScheduler<Object> timers, SessionEnvironment env, Conversation client) {
        this.timers = timers;
        this.env = env;
        this.client = client;
    }

    /** Waits for the client to connect, and once more for the rest of its time when another one came; with an active endpoint, the control connection's node connects to the client. */
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

    /** The connection is there, or not awaited any more. */
    void end() {
        timers.cancel(TIMER);
    }

    /** Tells that none came. */
    void report() {
        env.events()
                .accept(new NodeEvent.NoDataConnection(
                        client.state().link(), client.state().login().name()));
    }
}
