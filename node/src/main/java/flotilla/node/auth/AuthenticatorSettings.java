package flotilla.node.auth;

import java.time.Duration;
import java.util.List;

/**
 * Who says who a client is.
 *
 * @param order names of the authenticators; {@link Authenticators#ACCOUNTS} stands for the accounts of the cluster
 * @param threads calls of each authenticator at once, apart from the accounts
 * @param queue calls that may wait for a thread; a login beyond them is refused
 * @param patience longest wait for an answer
 * @param refresh how often an authenticator is asked again for the user of a session
 */
public record AuthenticatorSettings(List<String> order, int threads, int queue, Duration patience, Duration refresh) {
    public AuthenticatorSettings {
        order = List.copyOf(order);
    }
}
