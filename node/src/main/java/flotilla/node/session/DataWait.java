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

    /** Number of the transfer that waits, or waited last. */
    private final TimerScheduler<SessionMessage> timers;

    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private long awaited;

    private long until;

    DataWait(Parts parts) {
        this.timers = parts.timers();
        this.env = parts.env();
        this.session = parts.session();
        this.client = parts.client();
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
        if (session.state().endpoint().orElse(null) instanceof Endpoint.Active active) {
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
                        session.state().link(), session.state().login().name()));
    }
}
