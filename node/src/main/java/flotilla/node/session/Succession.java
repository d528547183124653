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
 * Takes a session over from a former incarnation: it reads the record back and keeps the messages that come meanwhile.
 * Without a record it refuses those messages. Part of the session's actor.
 */
final class Succession {
    /** Number of messages that are kept while a session is read back. */
    static final int MAX_EARLY = 64;

    record Revived(Optional<Revival> found, boolean failed) implements SessionEvent {}

    private final ActorContext<SessionMessage> context;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private final Grants grants;
    private final StashBuffer<SessionMessage> early;

    Succession(Parts parts, StashBuffer<SessionMessage> early) {
        this.context = parts.context();
        this.env = parts.env();
        this.session = parts.session();
        this.client = parts.client();
        this.grants = parts.grants();
        this.early = early;
    }

    /**
     * Reads the session back.
     *
     * @param first the message that woke the session
     * @param goOn restores the session and returns its next behavior
     * @param ended runs when the session ends
     */
    Behavior<SessionMessage> readBack(
            SessionMessage first, Function<Revival, Behavior<SessionMessage>> goOn, Runnable ended) {
        early.stash(first);
        grants.pipe(Revival.of(env, session.sessionId()), found -> new Revived(found, false), failure -> {
            context.getLog().warn("session {} cannot be read back", session.sessionId(), failure);
            return new Revived(Optional.empty(), true);
        });
        return Behaviors.receive(SessionMessage.class)
                .onMessage(Revived.class, revived -> onRevived(revived, goOn))
                .onMessage(Session.HandOff.class, handOff -> Behaviors.stopped())
                .onAnyMessage(next -> {
                    // The sender of a message that finds no room sends it again.
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

    private Behavior<SessionMessage> onRevived(Revived revived, Function<Revival, Behavior<SessionMessage>> goOn) {
        if (revived.found().isPresent()) {
            return early.unstashAll(goOn.apply(revived.found().get()));
        }
        if (!revived.failed()) {
            early.forEach(this::refuse);
        }
        return Behaviors.stopped();
    }

    /** Refuses a message for a session that has no record. */
    private void refuse(SessionMessage message) {
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
            // A TLS session of a lost session is no sign of a stranger.
            question.replyTo().tell(new DataMessage.Vouched(true));
        }
    }
}
