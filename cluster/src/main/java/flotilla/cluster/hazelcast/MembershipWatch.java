package flotilla.cluster.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares Pekko's members with Hazelcast's again and again. They agree when two comparisons in a row found no difference. A
 * node whose Hazelcast has lost the cluster's oldest node for long, though Pekko has not, is on its own and must go.
 */
final class MembershipWatch {
    static final long PERIOD_MILLIS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(MembershipWatch.class);
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final List<String> NOT_YET = List.of("the members are being compared");

    private final PekkoMembership pekko;
    private final HazelcastInstance hazelcast;
    private final Consumer<String> apart;
    private List<String> latest = NOT_YET;
    private volatile List<String> differences = NOT_YET;
    private long together = System.nanoTime();

    /** Tells {@code apart} why this node is on its own. */
    MembershipWatch(PekkoMembership pekko, HazelcastInstance hazelcast, Consumer<String> apart) {
        this.pekko = pekko;
        this.hazelcast = hazelcast;
        this.apart = apart;
    }

    void start(Ticker ticker) {
        compare();
        ticker.every(PERIOD_MILLIS, this::compare);
    }

    /** What the memberships differ in; empty when they agree. */
    List<String> differences() {
        return differences;
    }

    private synchronized void compare() {
        List<String> before = latest;
        latest = difference();
        List<String> now = latest.isEmpty() && !before.isEmpty() ? before : latest;
        if (!now.equals(differences)) {
            differences = now;
            LOG.info(
                    "{}",
                    now.isEmpty()
                            ? "all agree on the members: " + pekko.expected()
                            : "not ready: " + String.join("; ", now));
        }
        checkTogether();
    }

    private List<String> difference() {
        if (!pekko.selfIsUp()) {
            return List.of("this node is not a member that is up");
        }
        if (!hazelcast.getLifecycleService().isRunning()) {
            return List.of("Hazelcast has stopped");
        }
        Set<Address> expected = pekko.expected();
        Set<Address> found = members();
        List<String> problems = new ArrayList<>();
        minus(expected, found).ifPresent(missing -> problems.add("Hazelcast does not have " + missing));
        minus(found, expected).ifPresent(surplus -> problems.add("Hazelcast still has " + surplus));
        return problems;
    }

    private Set<Address> members() {
        return hazelcast.getCluster().getMembers().stream()
                .map(Member::getAddress)
                .collect(Collectors.toSet());
    }

    private static Optional<Set<Address>> minus(Set<Address> some, Set<Address> others) {
        Set<Address> rest = new HashSet<>(some);
        rest.removeAll(others);
        return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
    }

    private void checkTogether() {
        Optional<Address> oldest = pekko.oldestOther();
        if (oldest.isEmpty()
                || !hazelcast.getLifecycleService().isRunning()
                || members().contains(oldest.get())) {
            together = System.nanoTime();
        } else if (System.nanoTime() - together > APART_NANOS) {
            together = System.nanoTime();
            apart.accept("its Hazelcast has lost the oldest node, " + oldest.get());
        }
    }
}
