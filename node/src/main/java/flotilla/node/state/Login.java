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
 * @param host the name that HOST chose (RFC 7151); empty for none
 * @param clientName the name that CLNT gave, for logs
 * @param utf8 true once OPTS UTF8 ON was sent
 */
public record Login(
        String name, Optional<User> user, String by, int failures, String host, String clientName, boolean utf8) {
    public static final Login NONE = new Login("", Optional.empty(), "", 0, "", "", false);

    /** After USER: the name is known, no account is logged in. */
    public Login named(String newName) {
        return new Login(newName, Optional.empty(), "", failures, host, clientName, utf8);
    }

    /**
     * After a login with this account.
     *
     * @param authenticator name of the authenticator that knows it
     */
    public Login as(User newUser, String authenticator) {
        return new Login(newUser.name(), Optional.of(newUser), authenticator, 0, host, clientName, utf8);
    }

    /** After a failed login: it counts one failure more, and USER must be sent again. */
    public Login failed() {
        return new Login("", Optional.empty(), "", failures + 1, host, clientName, utf8);
    }

    /** Without a name and an account; the failures stay. */
    public Login forgotten() {
        return new Login("", Optional.empty(), "", failures, host, clientName, utf8);
    }

    /** As for a new connection, with the wrong passwords still counted. */
    public Login reinitialized() {
        return new Login("", Optional.empty(), "", failures, "", clientName, false);
    }

    /** The same with another host. */
    public Login atHost(String newHost) {
        return new Login(name, user, by, failures, newHost, clientName, utf8);
    }

    /** The same with another name of the client's program. */
    public Login withClient(String newClient) {
        return new Login(name, user, by, failures, host, newClient, utf8);
    }

    /** The same after OPTS UTF8 ON. */
    public Login withUtf8() {
        return new Login(name, user, by, failures, host, clientName, true);
    }
}
