package flotilla.cluster.hazelcast.member;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import flotilla.cluster.forming.PekkoMembership;
import flotilla.cluster.stage.Ticker;
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
 * Compares Pekko's members with Hazelcast's every {@value #PERIOD_MILLIS} ms. A node becomes ready when both are the
 * same at two looks in a row. It stays ready while other nodes come, go or hang. Otherwise all nodes would become
 * unready at once, since the two memberships never change at the same instant. It stops being ready when its Hazelcast
 * sees no majority (or half without the oldest).
 *
 * <p>The node must leave in two cases. In the first, its Hazelcast has lost the cluster's oldest node for 30 s,
 * although Pekko has not. In the second, it was ready and then hung for so long that Hazelcast went on without it, and
 * it is reachable again before Pekko has removed it.
 */
public final class MembershipWatch {
    /** Time between two looks, in milliseconds. */
    public static final long PERIOD_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(MembershipWatch.class);
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Longer than Pekko may count a dead process as reachable. */
    private static final long OUTSIDE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private static final List<String> NOT_YET = List.of("the members are being compared");

    private final MemberAddresses addresses;
    private final PekkoMembership pekko;
    private final HazelcastInstance hazelcast;
    private final Consumer<String> apart;
    private volatile List<String> problems = NOT_YET;
    private List<String> former = NOT_YET;
    private Set<Address> agreed = Set.of();
    private long together = System.nanoTime();
    private volatile long among = System.nanoTime();
    private volatile boolean outside;

    /**
     * Makes a watch; {@link #start} starts it.
     *
     * @param apart is told why this node must leave
     */
    public MembershipWatch(MemberAddresses addresses, HazelcastInstance hazelcast, Consumer<String> apart) {
        this.addresses = addresses;
        this.pekko = addresses.pekko();
        this.hazelcast = hazelcast;
        this.apart = apart;
    }

    /** Looks at once, and then every {@value #PERIOD_MILLIS} ms. */
    public void start(Ticker ticker) {
        look();
        hazelcast.getLifecycleService().addLifecycleListener(this::onLifecycle);
        ticker.every(PERIOD_MILLIS, this::look);
    }

    /** The reasons why this node is not ready to take work; empty when it is ready. */
    public List<String> problems() {
        return problems;
    }

    /**
     * Whether the majority's Hazelcast goes on without this node's. The locks that this node gets then do not bind the
     * others.
     */
    public boolean isOutside() {
        return outside;
    }

    private synchronized void look() {
        Set<Address> up = addresses.expected();
        Set<Address> found = hazelcast.getLifecycleService().isRunning() ? members() : Set.of();
        List<String> differences = differences(up, found);
        note(up, differences);
        boolean wasFit = problems.isEmpty();
        List<String> now = wasFit && mostOf(up, found) ? List.of() : differences;
        boolean again = now.isEmpty() == former.isEmpty();
        former = now;
        if (again && !now.equals(problems)) {
            problems = now;
            LOG.info("{}", now.isEmpty() ? "fit to take work" : "not fit to take work: " + String.join("; ", now));
        }
        checkTogether(found);
        checkAmong(up, found);
    }

    private Set<Address> members() {
        return hazelcast.getCluster().getMembers().stream()
                .map(Member::getAddress)
                .collect(Collectors.toSet());
    }

    private List<String> differences(Set<Address> up, Set<Address> found) {
        if (!pekko.selfIsUp()) {
            return List.of("this node is not a member that is up");
        }
        if (found.isEmpty()) {
            return List.of("Hazelcast has stopped");
        }
        List<String> differences = new ArrayList<>();
        minus(up, found).ifPresent(missing -> differences.add("Hazelcast does not have " + missing));
        minus(found, up).ifPresent(surplus -> differences.add("only Hazelcast has " + surplus));
        return differences;
    }

    private void note(Set<Address> up, List<String> differences) {
        if (differences.isEmpty() && !agreed.equals(up)) {
            agreed = up;
            LOG.info("members: {}", up);
        }
    }

    private static Optional<Set<Address>> minus(Set<Address> some, Set<Address> others) {
        Set<Address> rest = new HashSet<>(some);
        rest.removeAll(others);
        return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
    }

    private boolean mostOf(Set<Address> up, Set<Address> found) {
        long both = up.stream().filter(found::contains).count();
        boolean withOldest = addresses.oldestOther().map(found::contains).orElse(true);
        return pekko.selfIsUp() && (2 * both > up.size() || (2 * both == up.size() && withOldest));
    }

    private void checkTogether(Set<Address> found) {
        Optional<Address> oldest = addresses.oldestOther();
        if (oldest.isEmpty() || found.isEmpty() || found.contains(oldest.get())) {
            together = System.nanoTime();
        } else if (System.nanoTime() - together > APART_NANOS) {
            together = System.nanoTime();
            apart.accept("its Hazelcast has lost the oldest node, " + oldest.get());
        }
    }

    /**
     * A member that was outside cannot come back: its own changes of shared state cannot be told from those that the
     * others have made since.
     */
    private void checkAmong(Set<Address> up, Set<Address> found) {
        Set<Address> known = new HashSet<>(agreed);
        known.retainAll(up); // a new member may need longer to join Hazelcast
        outside = !found.isEmpty() && pekko.isKept() && !known.isEmpty() && !mostOf(known, found);
        if (!outside) {
            among = System.nanoTime();
        } else if (System.nanoTime() - among > patience()) {
            goAsOutsider();
        }
    }

    /**
     * If all members have lost each other, the others must leave before the oldest one does. The oldest one is then no
     * outsider any more.
     */
    private long patience() {
        return addresses.oldestOther().isPresent() ? OUTSIDE_NANOS : 3 * OUTSIDE_NANOS;
    }

    private void onLifecycle(LifecycleEvent event) {
        if (event.getState() == LifecycleEvent.LifecycleState.SHUTTING_DOWN) {
            apart.accept("its Hazelcast has stopped");
        }
        if (event.getState() == LifecycleEvent.LifecycleState.MERGING && outside) {
            goAsOutsider();
        }
    }

    private void goAsOutsider() {
        among = System.nanoTime();
        apart.accept("its Hazelcast has lost most of the members, and this node reaches them");
    }
}
