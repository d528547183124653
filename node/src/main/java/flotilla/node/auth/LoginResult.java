package flotilla.node.auth;

import flotilla.cluster.Bans.Ban;
import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;
import java.util.Optional;

/** The result of a login. */
public sealed interface LoginResult {
    /**
     * The user is logged in and has a slot; the session releases it.
     *
     * @param by name of the authenticator that knows the user
     */
    record Accepted(User user, String by) implements LoginResult {}

    /**
     * The login is refused.
     *
     * @param why the reason, for the operator
     * @param ban the ban of the address that this refusal caused, if it did
     */
    record Refused(LoginFailure why, Optional<Ban> ban) implements LoginResult {
        public Refused(LoginFailure why) {
            this(why, Optional.empty());
        }
    }
}
