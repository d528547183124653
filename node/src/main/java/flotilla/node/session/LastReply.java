package flotilla.node.session;

import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The last reply to the command that was done last: kept, because it may be lost and asked for again. Part of the session's actor. */
final class LastReply {
    private static final Reply INTERRUPTED =
            Reply.of(451, "The server was interrupted: please see whether this was done.");

    private final ActorRef<SessionMessage> session;
    private Optional<Answer> kept = Optional.empty();

    /** @param session where the client's next command goes */
    LastReply(ActorRef<SessionMessage> session) {
        this.session = session;
    }

    /** Goes on with what another incarnation had answered; nobody knows how a command ended that it had only begun. */
    void restore(SavedSession.Progress progress) {
        boolean interrupted = progress.begun()
                && progress.answer().isEmpty()
                && progress.transfer().isEmpty();
        kept = interrupted ? Optional.of(encoded(progress.sequence(), INTERRUPTED, After.NOTHING)) : progress.answer();
    }

    /** A new command has begun: it has no reply yet. */
    void clear() {
        kept = Optional.empty();
    }

    void keep(Answer answer) {
        kept = Optional.of(answer);
    }

    Optional<Answer> kept() {
        return kept;
    }

    /** The reply once more, as from this incarnation. */
    Optional<Answer> again() {
        return kept.map(lost -> new Answer(lost.sequence(), lost.code(), lost.wire(), true, lost.after(), session));
    }

    /** A reply as the control connection gets it. @param answered number of the command */
    Answer encoded(long answered, Reply reply, After after) {
        return new Answer(answered, reply.code(), reply.encode(), !reply.isPreliminary(), after, session);
    }
}
