package flotilla.node.auth;

import flotilla.node.protocol.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The limits of logins.
 *
 * @param maxSessionsPerUser sessions of a user; 0 for no limit; a limit of the account counts first
 * @param maxAttempts wrong passwords on one connection before it is closed
 * @param failureDelay shortest delay of the reply to a wrong password
 * @param banThreshold wrong passwords of one address within {@code banWindow} that ban it; 0 for never
 * @param banWindow the time in which wrong passwords are counted
 * @param banDuration the time of a ban
 * @param banExempt networks that are never banned automatically, such as balancers
 */
public record LoginSettings(
        int maxSessionsPerUser,
        int maxAttempts,
        Duration failureDelay,
        int banThreshold,
        Duration banWindow,
        Duration banDuration,
        List<Network> banExempt) {

    public LoginSettings {
        banExempt = List.copyOf(banExempt);
    }

    /** Returns true when wrong passwords from this address never cause a ban. */
    boolean isExempt(InetAddress address) {
        return banThreshold == 0 || Network.anyContains(banExempt, address);
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
