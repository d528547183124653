package flotilla.node.auth;

import flotilla.cluster.User;
import java.util.Optional;

/**
 * Says who a client is, from a source of its own: a directory, a service, a file. Authenticators are asked in the order of
 * {@code flotilla.authenticators.order}. The first one that does not answer {@link Verdict.Unknown} decides.
 *
 * <p>All methods may block: they run on threads of this authenticator ({@code flotilla.authenticators.threads}), several at once. A call that takes longer than
 * {@code flotilla.authenticators.patience} is interrupted. A call that fails or comes late refuses the login (421), and no other authenticator is asked, because the name
 * may belong to this one.
 */
public interface Authenticator {
    /**
     * Checks a name and a password. A name that is not known should take as long as one with a wrong password.
     *
     * @throws Exception when the source cannot be asked. Its message goes to the log without the password.
     */
    Verdict authenticate(Attempt attempt) throws Exception;

    /**
     * Checks a name and a client certificate, before a password is asked for. With another answer than
     * {@link Verdict.Known} the client must send a password.
     */
    default Verdict recognize(Attempt attempt) throws Exception {
        return new Verdict.Unknown();
    }

    /**
     * The account now of a user whom this authenticator let in. It is asked when a session moves to another node, and
     * every {@code flotilla.authenticators.refresh}. The session ends when the account is gone or its rules refuse it.
     *
     * @param user name of the account
     * @return empty when there is no such user any more
     * @throws Exception when the source cannot be asked: a session goes on as it is, but it cannot move meanwhile
     */
    Optional<User> refresh(String user) throws Exception;

    /** Called once, at the end. */
    default void close() throws Exception {}
}
