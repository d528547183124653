package flotilla.node.session;

import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Encoding;
import flotilla.node.protocol.Reply;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Keeps the last reply to the last command, because a reply can be lost and asked for again. Part of the session's
 * actor.
 */
final class LastReply {
    private static final Reply INTERRUPTED =
            Reply.of(451, "The server was interrupted: please see whether this was done.");

    private final ActorRef<SessionMessage> session;
    private Optional<Answer> kept = Optional.empty();

    /**
     * Begins without a reply.
     *
     * @param session the actor that gets the client's next command
     */
    LastReply(ActorRef<SessionMessage> session) {
        this.session = session;
    }

    /**
     * Restores the reply of a former incarnation. A command that had begun and has no reply is answered with 451: its
     * result is unknown.
     */
    void restore(SavedSession.Progress progress, Encoding encoding) {
        boolean interrupted = progress.begun()
                && progress.answer().isEmpty()
                && progress.transfer().isEmpty();
        kept = interrupted
                ? Optional.of(encoded(progress.sequence(), INTERRUPTED, After.NOTHING, encoding))
                : progress.answer();
    }

    /** Forgets the reply, because a new command has begun. */
    void clear() {
        kept = Optional.empty();
    }

    void keep(Answer answer) {
        kept = Optional.of(answer);
    }

    Optional<Answer> kept() {
        return kept;
    }

    /** The reply again, as a message of this incarnation. */
    Optional<Answer> again() {
        return kept.map(lost ->
                new Answer(lost.sequence(), lost.code(), lost.wire(), true, lost.after(), session, lost.encoding()));
    }

    /**
     * Encodes a reply as a message to the control connection.
     *
     * @param answered number of the command that it answers
     * @param encoding the encoding of the reply and of the next command
     */
    Answer encoded(long answered, Reply reply, After after, Encoding encoding) {
        return new Answer(
                answered,
                reply.code(),
                reply.encode(encoding),
                !reply.isPreliminary(),
                after,
                session,
                encoding.isUtf8() ? "" : encoding.name());
    }
}
