package flotilla.node.session;

import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;

/**
 * How a session takes over from a former incarnation: its record is read back while what comes is kept; where there is none, all
 * that came is refused. Part of the session's actor.
 */
final class Succession {
    /** Messages kept while a session is read back. */
    static final int MAX_EARLY = 64;

    private record Revived(Optional<Revival> found, boolean failed) {}

    private final ActorContext<Object> context;
    private final StashBuffer<Object> early;
    private final SessionEnvironment env;
    private final Conversation client;

    Succession(ActorContext<Object> context, StashBuffer<Object> early, SessionEnvironment env, Conversation client) {
        this.context = context;
        this.early = early;
        this.env = env;
        this.client = client;
    }

    /**
     * Reads the session back.
     *
     * @param first what came for it
     * @param goOn restores the session and says how it behaves from then on
     * @param ended done when the session ends
     */
    Behavior<Object> readBack(Object first, Function<Revival, Behavior<Object>> goOn, Runnable ended) {
        early.stash(first);
        client.pipe(Revival.of(env, client.sessionId()), found -> new Revived(found, false), failure -> {
            context.getLog().warn("session {} cannot be read back", client.sessionId(), failure);
            return new Revived(Optional.empty(), true);
        });
        return Behaviors.receive(Object.class)
                .onMessage(Revived.class, revived -> onRevived(revived, goOn))
                .onMessage(Session.HandOff.class, handOff -> Behaviors.stopped())
                .onAnyMessage(next -> {
                    // What does not fit is sent again.
                    if (!early.isFull()) {
                        early.stash(next);
                    }
                    return Behaviors.same();
                })
                // The kept messages may end the session before its next behavior is in force.
                .onSignal(PostStop.class, stop -> {
                    ended.run();
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Object> onRevived(Revived revived, Function<Revival, Behavior<Object>> goOn) {
        if (revived.found().isPresent()) {
            return early.unstashAll(goOn.apply(revived.found().get()));
        }
        if (!revived.failed()) {
            early.forEach(this::refuse);
        }
        return Behaviors.stopped();
    }

    /** Nobody knows the session. */
    private void refuse(Object message) {
        if (message instanceof SessionMessage.Command command) {
            client.talkTo(command.control());
            client.send(command.sequence(), Reply.of(421, "The session was lost, please reconnect."), After.CLOSE);
        } else if (message instanceof SessionMessage.ControlClosed closed) {
            closed.control().tell(ControlMessage.Released.INSTANCE);
        } else if (message instanceof SessionMessage.DataArrived arrived) {
            arrived.data().tell(DataMessage.Abort.INSTANCE);
        } else if (message instanceof SessionMessage.DataRefused refused) {
            refused.data().tell(DataMessage.Abort.INSTANCE);
        } else if (message instanceof SessionMessage.Vouch question) {
            // Its TLS session says no more of its holder than none does.
            question.replyTo().tell(new DataMessage.Vouched(true));
        }
    }
}
