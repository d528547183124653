package flotilla.cluster.forming;

import com.typesafe.config.Config;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.FailureDetector;
import org.apache.pekko.remote.FailureDetectorWithAddress;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Watches the heartbeats of a member, and accepts a proof that the member has ended before heartbeats are missed. It
 * also counts heartbeats: only a node that still takes this one for a member answers them.
 * {@code flotilla-cluster.conf} names this class.
 */
final class ProvableFailureDetector implements FailureDetector, FailureDetectorWithAddress {
    private final PhiAccrualFailureDetector watched;
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean ended;

    /** Pekko calls this. */
    ProvableFailureDetector(Config config, EventStream events) {
        watched = new PhiAccrualFailureDetector(config, events);
    }

    /** Makes the member unavailable from now on. Another process at its address gets a detector of its own. */
    void proveEnd() {
        ended = true;
    }

    /** The number of heartbeats that the member has answered. */
    long answers() {
        return answers.get();
    }

    @Override
    public boolean isAvailable() {
        return !ended && watched.isAvailable();
    }

    @Override
    public boolean isMonitoring() {
        return watched.isMonitoring();
    }

    @Override
    public void heartbeat() {
        answers.incrementAndGet();
        watched.heartbeat();
    }

    @Override
    public void setAddress(String address) {
        watched.setAddress(address);
    }
}
