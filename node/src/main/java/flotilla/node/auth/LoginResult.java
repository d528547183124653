package flotilla.node.auth;

import flotilla.cluster.Bans.Ban;
import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;
import java.util.Optional;

/** Whether somebody is in. */
public sealed interface LoginResult {
    /** The user's slot is taken; the session gives it back. */
    record Accepted(User user) implements LoginResult {}

    /** @param ban the ban of the address that this one caused */
    record Refused(LoginFailure why, Optional<Ban> ban) implements LoginResult {
        public Refused(LoginFailure why) {
            this(why, Optional.empty());
        }
    }
}
