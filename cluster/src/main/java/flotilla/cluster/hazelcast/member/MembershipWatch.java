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
 * Compares Pekko's members with Hazelcast's again and again. A node becomes fit when both are the same at two looks in a row. It
 * stays fit while other nodes come, go or hang, for the memberships never learn of that at the same instant, and all nodes would
 * be out of work at once; it is fit no more when its own Hazelcast has not most of the members (or half of them with the
 * oldest). A node whose Hazelcast has lost the cluster's oldest node for long, though Pekko has not, must go; so must one
 * that was fit, hung so long that Hazelcast went on without it, and is reached again before Pekko has removed it.
 */
public final class MembershipWatch {
    public static final long PERIOD_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(MembershipWatch.class);
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Longer than a dead process may count as reachable. */
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

    /** Tells {@code apart} why this node must go. */
    public MembershipWatch(MemberAddresses addresses, HazelcastInstance hazelcast, Consumer<String> apart) {
        this.addresses = addresses;
        this.pekko = addresses.pekko();
        this.hazelcast = hazelcast;
        this.apart = apart;
    }

    public void start(Ticker ticker) {
        look();
        hazelcast.getLifecycleService().addLifecycleListener(this::onLifecycle);
        ticker.every(PERIOD_MILLIS, this::look);
    }

    /** Why this node is not fit to take work; empty when it is. */
    public List<String> problems() {
        return problems;
    }

    /** Whether Hazelcast of most members goes on without the one of this node: the locks it gets are not theirs. */
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

    /** What a member changed on its own while the others went on without it cannot be told from what they have changed since. */
    private void checkAmong(Set<Address> up, Set<Address> found) {
        Set<Address> known = new HashSet<>(agreed);
        known.retainAll(up); // who has just come may need longer to join Hazelcast
        outside = !found.isEmpty() && pekko.isKept() && !known.isEmpty() && !mostOf(known, found);
        if (!outside) {
            among = System.nanoTime();
        } else if (System.nanoTime() - among > patience()) {
            goAsOutsider();
        }
    }

    /** Where all have lost each other, all others shall have gone before the oldest one would: then it is no outsider any more. */
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
