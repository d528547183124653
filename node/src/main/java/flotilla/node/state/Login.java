package flotilla.node.state;

import flotilla.cluster.User;
import java.util.Optional;

/**
 * Who the client is.
 *
 * @param name what USER gave, empty before
 * @param user the account, once logged in
 * @param failures wrong passwords on this connection
 * @param host what HOST chose (RFC 7151), empty for none
 * @param clientName what CLNT told, for logs
 * @param utf8 whether OPTS UTF8 ON was seen
 */
public record Login(String name, Optional<User> user, int failures, String host, String clientName, boolean utf8) {
    public static final Login NONE = new Login("", Optional.empty(), 0, "", "", false);

    public Login named(String newName) {
        return new Login(newName, Optional.empty(), failures, host, clientName, utf8);
    }

    public Login as(User newUser) {
        return new Login(newUser.name(), Optional.of(newUser), 0, host, clientName, utf8);
    }

    public Login failed() {
        return new Login("", Optional.empty(), failures + 1, host, clientName, utf8);
    }

    public Login forgotten() {
        return new Login("", Optional.empty(), failures, host, clientName, utf8);
    }

    /** As for a new connection, but for the wrong passwords that were given. */
    public Login reinitialized() {
        return new Login("", Optional.empty(), failures, "", clientName, false);
    }

    public Login atHost(String newHost) {
        return new Login(name, user, failures, newHost, clientName, utf8);
    }

    public Login withClient(String newClient) {
        return new Login(name, user, failures, host, newClient, utf8);
    }

    public Login withUtf8() {
        return new Login(name, user, failures, host, clientName, true);
    }
}
