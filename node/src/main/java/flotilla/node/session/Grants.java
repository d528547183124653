package flotilla.node.session;

import flotilla.node.message.SessionMessage;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The questions of a session to what nodes share, and to the storage. Each answer comes back as a message. Part of the
 * session's actor.
 */
final class Grants {
    private final ActorContext<SessionMessage> context;
    /**
     * Grants of shared state that are still being requested. A grant that arrives after the client has gone must be
     * released.
     */
    private int awaited;

    Grants(ActorContext<SessionMessage> context) {
        this.context = context;
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

    boolean isAwaiting() {
        return awaited > 0;
    }
}
