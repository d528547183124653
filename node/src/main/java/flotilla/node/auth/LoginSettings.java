package flotilla.node.auth;

import flotilla.node.access.UserList;
import flotilla.node.protocol.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The limits of logins.
 *
 * @param maxSessionsPerUser sessions of a user; 0 for no limit; a limit of the account counts first
 * @param maxAttempts wrong passwords on one connection before it is closed
 * @param failureDelay shortest delay of the reply to a wrong password
 * @param userList the names that may or may not log in
 * @param anonymous the user of anonymous logins; empty when there are none
 */
public record LoginSettings(
        int maxSessionsPerUser,
        int maxAttempts,
        Duration failureDelay,
        BanSettings bans,
        AuthenticatorSettings authenticators,
        UserList.Settings userList,
        Optional<AnonymousSettings> anonymous) {

    /** Limits without a list of user names and without anonymous logins. */
    public LoginSettings(
            int maxSessionsPerUser,
            int maxAttempts,
            Duration failureDelay,
            BanSettings bans,
            AuthenticatorSettings authenticators) {
        this(
                maxSessionsPerUser,
                maxAttempts,
                failureDelay,
                bans,
                authenticators,
                UserList.Settings.NONE,
                Optional.empty());
    }

    /**
     * When wrong passwords ban an address.
     *
     * @param threshold wrong passwords of one address within {@code window} that ban it; 0 for never
     * @param window the time in which wrong passwords are counted
     * @param duration the time of a ban
     * @param exempt networks that are never banned automatically, such as balancers
     */
    public record BanSettings(int threshold, Duration window, Duration duration, List<Network> exempt) {
        public BanSettings {
            exempt = List.copyOf(exempt);
        }
    }

    /** Returns true for the name of an anonymous login, when there are any. */
    public boolean isAnonymous(String name) {
        return anonymous.isPresent() && AnonymousSettings.isName(name);
    }

    /** Returns true when a user of that name may send everything in clear, whatever the listener demands. */
    public boolean mayBeInClear(String name) {
        return isAnonymous(name) && !anonymous.orElseThrow().tlsRequired();
    }

    /** Returns true when wrong passwords from this address never cause a ban. */
    boolean isExempt(InetAddress address) {
        return bans.threshold() == 0 || Network.anyContains(bans.exempt(), address);
    }

    /**
     * The delay for one wrong password. Adds up to 50 % jitter so that timing does not reveal the result of the check.
     */
    public Duration jitteredDelay() {
        long nanos = failureDelay.toNanos();
        return nanos == 0
                ? failureDelay
                : failureDelay.plusNanos(ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
    }
}
