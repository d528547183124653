package flotilla.cluster.hazelcast;

import com.typesafe.config.Config;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Watches the heartbeats of a member, and believes a proof that it has ended before they are missed. Named in {@code flotilla-cluster.conf}.
 */
final class ProvableFailureDetector extends PhiAccrualFailureDetector {
    private volatile boolean ended;

    /** Made by Pekko. */
    ProvableFailureDetector(Config config, EventStream events) {
        super(config, events);
    }

    /** From now on the member is not available; another process at its address gets a detector of its own. */
    void proveEnd() {
        ended = true;
    }

    @Override
    public boolean isAvailable() {
        return !ended && super.isAvailable();
    }
}
