package flotilla.node.session;

import flotilla.cluster.User;
import flotilla.node.auth.LoginFlow;
import flotilla.node.state.SessionState;
import java.util.Optional;

/** What a changed account means for a session that is logged in with it. */
final class AccountReview {
    private static final String CHANGED = "Your account has changed, please log in again.";

    private AccountReview() {}

    /** Why the session must end, told to its client; empty when it goes on with {@code now}. */
    static Optional<String> ending(SessionState state, User before, Optional<User> now) {
        if (now.isEmpty()) {
            return Optional.of("Your account is gone.");
        }
        User user = now.get();
        if (LoginFlow.policyFailure(user, state.link(), state.security()).isPresent()) {
            return Optional.of("Your account may not be used any more.");
        }
        boolean otherSecret = !user.passwordHash().equals(before.passwordHash())
                || !user.certificates().containsAll(before.certificates());
        return otherSecret || !user.home().equals(before.home()) ? Optional.of(CHANGED) : Optional.empty();
    }
}
