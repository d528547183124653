package flotilla.node.session;

import flotilla.cluster.User;
import flotilla.node.auth.LoginFlow;
import flotilla.node.state.SessionState;
import java.util.Optional;

/** Decides whether a session goes on after the account of its user has changed. */
final class AccountReview {
    private static final String CHANGED = "Your account has changed, please log in again.";

    private AccountReview() {}

    /**
     * Returns the reason why the session must end, as its client reads it; empty when the session goes on with the
     * account {@code now}.
     *
     * @param before the account with which the user logged in
     * @param now the account as it is stored now; empty when it was deleted
     */
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
