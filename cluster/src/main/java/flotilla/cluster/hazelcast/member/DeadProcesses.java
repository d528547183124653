package flotilla.cluster.hazelcast.member;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import flotilla.cluster.forming.PekkoMembership;
import flotilla.cluster.forming.PortProbe;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds members whose process has ended. A host that is up and refuses connections to a member's port proves that the
 * process is gone. Such a member is downed at once, without the wait that a silent member gets. Only the side that the
 * cluster goes on with does so: a firewall that resets connections must not make two sides down each other.
 */
public final class DeadProcesses {
    /** Time between two calls of {@link #look}, in milliseconds. */
    public static final long LOOK_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(DeadProcesses.class);
    private static final int TRIES = 3;
    private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(100);

    private final HazelcastInstance hazelcast;
    private final MemberAddresses addresses;
    private final PekkoMembership pekko;
    private final Executor blocking;
    private final Set<Address> examined = ConcurrentHashMap.newKeySet();

    /** Examines members on {@code blocking}, since connecting to them blocks. */
    public DeadProcesses(HazelcastInstance hazelcast, MemberAddresses addresses, Executor blocking) {
        this.hazelcast = hazelcast;
        this.addresses = addresses;
        this.pekko = addresses.pekko();
        this.blocking = blocking;
    }

    /** Examines the members that Pekko cannot reach or Hazelcast has lost. Does not block. */
    public void look() {
        if (!hazelcast.getLifecycleService().isRunning()) {
            return; // this node ends
        }
        Set<com.hazelcast.cluster.Address> present = hazelcast.getCluster().getMembers().stream()
                .map(Member::getAddress)
                .collect(Collectors.toSet());
        for (Address suspect : addresses.suspects(present)) {
            if (examined.add(suspect)) {
                examineSoon(suspect);
            }
        }
    }

    private void examineSoon(Address suspect) {
        try {
            blocking.execute(() -> {
                try {
                    examine(suspect);
                } finally {
                    examined.remove(suspect);
                }
            });
        } catch (RejectedExecutionException busy) {
            examined.remove(suspect);
        }
    }

    private void examine(Address suspect) {
        for (int i = 0; i < TRIES; i++) {
            if (i > 0) {
                LockSupport.parkNanos(BETWEEN_TRIES);
            }
            if (!refuses(suspect)) {
                return;
            }
        }
        if (pekko.isKeptWithout(suspect)) {
            LOG.warn("{} refuses connections: its process has ended", suspect);
            pekko.downEnded(suspect);
        }
    }

    private static boolean refuses(Address address) {
        return PortProbe.of(address.getHost().orElse(""), address.getPort().orElse(0)) == PortProbe.REFUSES;
    }
}
