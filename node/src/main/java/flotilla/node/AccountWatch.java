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

/** Tells the sessions of this node when their accounts change, are removed or expire. */
final class AccountWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccountWatch.class);
    private static final Duration EXPIRY_LOOK = Duration.ofMillis(500);
    /**
     * The sessions are told again after these times: a login that read the account before the change may end after it.
     */
    private static final List<Duration> AGAIN =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(60));

    private final LiveSessions live;
    private final ScheduledExecutorService timers;
    private final AutoCloseable listening;

    AccountWatch(UserDirectory users, LiveSessions live, ScheduledExecutorService timers) {
        this.live = live;
        this.timers = timers;
        this.listening = users.onChange(this::changed);
        timers.scheduleWithFixedDelay(
                () -> live.tellExpired(Instant.now()),
                EXPIRY_LOOK.toMillis(),
                EXPIRY_LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void changed(String user) {
        live.accountChanged(user);
        for (Duration later : AGAIN) {
            timers.schedule(() -> live.accountChanged(user), later.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (Exception e) {
            LOG.debug("closing the listener for accounts", e);
        }
    }
}
