package flotilla.node.auth;

import java.time.Duration;

/**
 * How logins are limited.
 *
 * @param maxSessionsPerUser 0 for no limit; a user's own number wins
 * @param maxAttempts wrong passwords on one connection before it is closed
 * @param failureDelay how long a wrong password waits for its reply
 * @param banThreshold failures of one address within {@code banWindow} that ban it; 0 for never
 */
public record LoginSettings(
        int maxSessionsPerUser,
        int maxAttempts,
        Duration failureDelay,
        int banThreshold,
        Duration banWindow,
        Duration banDuration) {}
