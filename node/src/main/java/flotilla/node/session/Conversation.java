package flotilla.node.session;

import flotilla.cluster.ShortIds;
import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.command.Policy;
import flotilla.node.command.Turn;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.LiveSession;
import flotilla.node.protocol.Encoding;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The state of a session, its current command and its user's home. Part of the session's actor. */
final class Conversation {
    private final SessionEnvironment env;
    private final String sessionId;
    private final LiveSession live;
    private final CurrentCommand current;
    private @Nullable SessionState state;
    private Optional<AsyncStorage<UserTree>> home = Optional.empty();
    private boolean closed;

    /**
     * Begins without state and without a client.
     *
     * @param self the actor of the session
     */
    Conversation(SessionEnvironment env, String sessionId, ActorRef<SessionMessage> self) {
        this.env = env;
        this.sessionId = sessionId;
        this.live = env.live().session(sessionId, self);
        this.current = new CurrentCommand(env.commands());
    }

    String sessionId() {
        return sessionId;
    }

    /** The view that other nodes and operators have of the session. */
    LiveSession live() {
        return live;
    }

    SessionState state() {
        if (state == null) {
            throw new IllegalStateException("session " + sessionId + " is not connected");
        }
        return state;
    }

    /** The encoding of the next reply and of the command after it; UTF-8 for a session that cannot go on. */
    Encoding encoding() {
        return state == null ? Encoding.UTF_8 : state.encoding();
    }

    void become(SessionState next) {
        state = next;
        live.is(next);
    }

    boolean isConnected() {
        return state != null;
    }

    /** Returns true once the client has gone. From then on, a grant that arrives is only released. */
    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        current.abandon();
    }

    /**
     * Returns true when the control connection is on another node. Its client then outlives this node, and so must the
     * session.
     */
    boolean isApart() {
        return !state().link().controlMember().equals(env.cluster().memberId());
    }

    /** Returns true while an operator has frozen this session, its logged-in user, or its client's address. */
    boolean isFrozen() {
        SessionState now = state();
        return now.isLoggedIn()
                && env.cluster()
                        .freezes()
                        .find(sessionId, now.login().name(), now.link().client())
                        .isPresent();
    }

    /** Restores the state of the former incarnation. */
    void restore(Revival revival) {
        SavedSession.Progress progress = revival.saved().progress();
        become(revival.state());
        current.restore(progress.sequence());
        if (progress.closed()) {
            close();
        }
    }

    /** The command that runs now; between commands, the last one. */
    CurrentCommand command() {
        return current;
    }

    long sequence() {
        return current.sequence();
    }

    Call call() {
        return current.call();
    }

    boolean isCurrent(long answering) {
        return answering == current.sequence() && !closed;
    }

    /**
     * The session's state as the current command may see it. Only a command that takes the file named by RNFR sees that
     * file.
     */
    Turn turn() {
        SessionState seen = call().does(Effect.TAKES_RENAME_SOURCE) ? state() : state().withRename(Optional.empty());
        return new Turn(seen, home, policy(), env.commands().specs(), env.services());
    }

    Policy policy() {
        return policy(state().login().name());
    }

    /** The policy for a command that acts for a user of that name. */
    Policy policy(String name) {
        Policy policy = env.settings().policy(state());
        return env.logins().settings().mayBeInClear(name)
                ? policy.withTls(policy.tlsAvailable(), false, false)
                : policy;
    }

    /** Returns the text of a reply, with the short id of the session where the operator wants that. */
    String told(String text) {
        return policy().allowed().contains(Policy.OptIn.SESSION_ID)
                ? text + " Session " + ShortIds.of(sessionId) + "."
                : text;
    }

    void enter(Optional<AsyncStorage<UserTree>> tree) {
        home = tree;
    }
}
