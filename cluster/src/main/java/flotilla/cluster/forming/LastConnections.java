package flotilla.cluster.forming;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.dispatch.ExecutionContexts;
import org.apache.pekko.io.TcpMessage;

/**
 * Closes connections to other nodes that would keep an actor system from ending. Pekko 1.7.0 ends its remoting when all
 * its streams have ended, and waits for them without a limit. It fails all of them at once. But the inbound stream of
 * control messages may report its end to an outbound one before that has received its own failure. The outbound stream
 * then completes instead of failing, and TLS waits for the other node to close the connection, which it does not do.
 */
final class LastConnections {
    /**
     * Longer than Pekko waits for the delivery of the last messages (shutdown-flush-timeout, 1 s) in the phase that
     * ends the actors.
     */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration AGAIN = Duration.ofMillis(500);
    /** The actors of all TCP connections of a system. Listeners ignore the message. */
    private static final String CONNECTIONS = "/system/IO-TCP/selectors/*/*";

    private LastConnections() {}

    /** Makes every connection end soon after {@code system}. */
    static void closeAtTheEndOf(org.apache.pekko.actor.typed.ActorSystem<?> system) {
        ActorSystem classic = Adapter.toClassic(system);
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "flotilla-last-connections", () -> {
                    // This repeats until the system's scheduler ends.
                    classic.scheduler()
                            .scheduleWithFixedDelay(
                                    GRACE,
                                    AGAIN,
                                    () -> classic.actorSelection(CONNECTIONS)
                                            .tell(TcpMessage.close(), ActorRef.noSender()),
                                    ExecutionContexts.fromExecutor(Runnable::run));
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
    }
}
