package flotilla.node.auth;

import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;

/** Whether somebody is in. */
public sealed interface LoginResult {
    /** The user's slot is taken; the session gives it back. */
    record Accepted(User user) implements LoginResult {}

    record Refused(LoginFailure why) implements LoginResult {}
}
