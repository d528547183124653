package flotilla.node.command;

import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import java.util.List;
import java.util.Optional;

/**
 * The session as a handler sees it when its command runs.
 *
 * @param home the user's tree; present once a user is logged in
 * @param policy the rules that apply to this session
 * @param specs the declarations of all verbs of this server, for FEAT and HELP
 */
public record Turn(
        SessionState state,
        Optional<AsyncStorage<UserTree>> home,
        Policy policy,
        List<CommandSpec> specs,
        Services services) {

    /**
     * The user's tree; work on it runs on a thread that may block. For commands with the access LOGGED_IN only.
     *
     * @throws IllegalStateException when no user is logged in
     */
    public AsyncStorage<UserTree> tree() {
        return home.orElseThrow(() -> new IllegalStateException("no user is logged in"));
    }

    /** Answers without a change of the session. */
    public Outcome answer(int code, String text) {
        return Outcome.answered(code, text, state);
    }

    /** Answers without a change of the session. */
    public Outcome answer(Reply reply) {
        return new Outcome.Answered(reply, state);
    }
}
