package flotilla.node.state;

import flotilla.cluster.User;
import java.util.Optional;

/**
 * The login state of a session.
 *
 * @param name the name that USER gave; empty before
 * @param user the account, once logged in
 * @param by name of the authenticator that knows the account; empty before
 * @param failures number of wrong passwords on this connection
 * @param clientName the name that CLNT gave, for operators
 */
public record Login(String name, Optional<User> user, String by, int failures, String clientName) {
    public static final Login NONE = new Login("", Optional.empty(), "", 0, "");

    /** After USER: the name is known, no account is logged in. */
    public Login named(String newName) {
        return new Login(newName, Optional.empty(), "", failures, clientName);
    }

    /**
     * After a login with this account.
     *
     * @param authenticator name of the authenticator that knows it
     */
    public Login as(User newUser, String authenticator) {
        return new Login(newUser.name(), Optional.of(newUser), authenticator, 0, clientName);
    }

    /** After a failed login: it counts one failure more, and USER must be sent again. */
    public Login failed() {
        return new Login("", Optional.empty(), "", failures + 1, clientName);
    }

    /** Without a name and an account; the failures stay. */
    public Login forgotten() {
        return new Login("", Optional.empty(), "", failures, clientName);
    }

    /** The same with another name of the client's program. */
    public Login withClient(String newClient) {
        return new Login(name, user, by, failures, newClient);
    }
}
