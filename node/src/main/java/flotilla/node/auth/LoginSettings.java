package flotilla.node.auth;

import flotilla.node.protocol.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How logins are limited.
 *
 * @param maxSessionsPerUser 0 for no limit; a user's own number wins
 * @param maxAttempts wrong passwords on one connection before it is closed
 * @param failureDelay how long a wrong password waits for its reply, at least
 * @param banExempt networks that are never banned automatically: balancers, and whoever else is many
 * @param banThreshold wrong passwords of one address within {@code banWindow} that ban it; 0 for never
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

    /** Whether wrong passwords from there ban nobody. */
    boolean isExempt(InetAddress address) {
        return banThreshold == 0 || Network.anyContains(banExempt, address);
    }

    /** The delay of one wrong password: up to half as long again, so that its time tells nothing about the check. */
    public Duration jitteredDelay() {
        long nanos = failureDelay.toNanos();
        return nanos == 0
                ? failureDelay
                : failureDelay.plusNanos(ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
    }
}
