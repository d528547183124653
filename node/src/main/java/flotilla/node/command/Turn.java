package flotilla.node.command;

import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import java.util.List;
import java.util.Optional;

/**
 * What a handler sees when its command runs.
 *
 * @param home the user's tree; present once logged in
 * @param specs what every verb of this server declares, for FEAT and HELP
 */
public record Turn(
        SessionState state, Optional<UserTree> home, Policy policy, List<CommandSpec> specs, Services services) {

    /** The user's tree. Only for commands whose access is LOGGED_IN. */
    public UserTree tree() {
        return home.orElseThrow(() -> new IllegalStateException("no user is logged in"));
    }

    /** The reply, with the session unchanged. */
    public Outcome answer(int code, String text) {
        return Outcome.answered(code, text, state);
    }

    public Outcome answer(Reply reply) {
        return new Outcome.Answered(reply, state);
    }
}
