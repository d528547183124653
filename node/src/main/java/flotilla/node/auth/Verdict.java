package flotilla.node.auth;

import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;

/** What an {@link Authenticator} says of a client. */
public sealed interface Verdict {
    /**
     * The client is this user. The rules of the account still decide if the user may log in now: {@code enabled},
     * {@code expires}, {@code allowedNetworks}, {@code tls}, {@code maxSessions}.
     *
     * @param user the account. Its name may be another one than the client gave, such as its proper spelling.
     */
    record Known(User user) implements Verdict {}

    /**
     * The name is known here, and the client may not have it. No other authenticator is asked.
     *
     * @param why for the log. {@code WRONG_PASSWORD} counts towards a ban of the address; anything else does not, so it
     *     is for a client with the right password only, or for a check that could not be made ({@code BUSY}).
     */
    record Refused(LoginFailure why) implements Verdict {}

    /** The name is not known here. The next authenticator is asked. */
    record Unknown() implements Verdict {}
}
