package flotilla.node;

import flotilla.cluster.UserDirectory;
import flotilla.node.overview.LiveSessions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the sessions of this node when their accounts or groups change, are removed or expire. */
final class AccountWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccountWatch.class);
    private static final Duration EXPIRY_LOOK = Duration.ofMillis(500);
    /**
     * The sessions are told again after these times: a login that read the account before the change may end after it.
     */
    private static final List<Duration> AGAIN =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(60));

    private final ScheduledExecutorService timers;
    private final List<AutoCloseable> listening;

    AccountWatch(UserDirectory users, LiveSessions live, ScheduledExecutorService timers) {
        this.timers = timers;
        this.listening = List.of(
                users.onChange(user -> changed(() -> live.accountChanged(user))),
                users.onGroupChange(group -> changed(() -> live.groupChanged(group))));
        timers.scheduleWithFixedDelay(
                () -> live.tellExpired(Instant.now()),
                EXPIRY_LOOK.toMillis(),
                EXPIRY_LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void changed(Runnable tell) {
        tell.run();
        for (Duration later : AGAIN) {
            timers.schedule(tell, later.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each : listening) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.debug("closing the listener for accounts", e);
            }
        }
    }
}
