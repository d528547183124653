package flotilla.cluster.forming;

import com.typesafe.config.Config;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.FailureDetector;
import org.apache.pekko.remote.FailureDetectorWithAddress;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Watches the heartbeats of a member, and believes a proof that it has ended before they are missed. Counts them, too: only who still takes
 * this node for a member answers. Named in {@code flotilla-cluster.conf}.
 */
final class ProvableFailureDetector implements FailureDetector, FailureDetectorWithAddress {
    private final PhiAccrualFailureDetector watched;
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean ended;

    /** Made by Pekko. */
    ProvableFailureDetector(Config config, EventStream events) {
        watched = new PhiAccrualFailureDetector(config, events);
    }

    /** From now on the member is not available; another process at its address gets a detector of its own. */
    void proveEnd() {
        ended = true;
    }

    /** How many heartbeats the member has answered. */
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
