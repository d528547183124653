package flotilla.cluster.hazelcast.shared;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.hazelcast.entry.HeldByMembers;
import flotilla.cluster.hazelcast.entry.HoldProcessors;
import flotilla.cluster.hazelcast.entry.MapNames;
import flotilla.cluster.hazelcast.entry.MemberIds;
import flotilla.cluster.hazelcast.entry.Reclaim;
import flotilla.cluster.stage.Ticker;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what members held that are gone, once Pekko says so, too. The oldest member does it, at once and a few times more: an operation of the
 * dead member may still have been under way, and the oldest member may die over it.
 */
public final class Reclaimer implements MembershipListener {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaimer.class);
    private static final long LOOK_MILLIS = 250;
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final int ROUNDS = 5;

    private final HazelcastInstance hazelcast;
    private final Predicate<Address> isGone;
    private final Executor blocking;
    private final Consumer<UUID> onGone;
    private final Map<UUID, Lost> lost = new ConcurrentHashMap<>();
    private final Set<UUID> gone;

    /** A member that Hazelcast has lost. Changed by one thread at a time. */
    private static final class Lost {
        private final Address address;
        private int rounds;
        private boolean told;
        private long nextRound = System.nanoTime();

        private Lost(Address address) {
            this.address = address;
        }
    }

    /**
     * @param isGone whether the cluster has no member at an address any more: Hazelcast may lose one that is alive
     * @param gone holds, for a while, the members that are gone
     * @param onGone called on {@code blocking} when a member is gone
     */
    public Reclaimer(
            HazelcastInstance hazelcast,
            Predicate<Address> isGone,
            Set<UUID> gone,
            Executor blocking,
            Consumer<UUID> onGone) {
        this.hazelcast = hazelcast;
        this.isGone = isGone;
        this.gone = gone;
        this.blocking = blocking;
        this.onGone = onGone;
    }

    public void start(Ticker ticker) {
        hazelcast.getCluster().addMembershipListener(this);
        ticker.every(LOOK_MILLIS, this::look);
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        UUID member = MemberIds.of(event.getMember());
        lost.remove(member);
        gone.remove(member);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        lost.put(MemberIds.of(event.getMember()), new Lost(event.getMember().getAddress()));
        look();
    }

    private void look() {
        if (lost.isEmpty()) {
            return;
        }
        try {
            blocking.execute(this::attempt);
        } catch (RejectedExecutionException e) {
            LOG.debug("not reclaimed: this node is leaving or busy");
        }
    }

    private synchronized void attempt() {
        try {
            lost.forEach(this::reclaimIfDue);
        } catch (RuntimeException e) {
            LOG.warn("reclaiming what a lost node held failed, it is tried again: {}", e.toString());
        }
    }

    private void reclaimIfDue(UUID member, Lost state) {
        long now = System.nanoTime();
        if (now - state.nextRound < 0 || state.rounds == 0 && !isGone(member, state.address)) {
            return;
        }
        gone.add(member);
        if (isOldest()) {
            reclaim(member);
        }
        state.rounds++;
        state.nextRound = now + AGAIN_NANOS;
        if (state.rounds > ROUNDS) {
            lost.remove(member);
            gone.remove(member);
        }
        if (!state.told) {
            onGone.accept(member);
            state.told = true;
        }
    }

    /** Also when another process is a member at that address already. */
    private boolean isGone(UUID id, Address address) {
        return isGone.test(address)
                || hazelcast.getCluster().getMembers().stream()
                        .anyMatch(member -> member.getAddress().equals(address)
                                && !MemberIds.of(member).equals(id));
    }

    private boolean isOldest() {
        return hazelcast.getCluster().getMembers().iterator().next().localMember();
    }

    private void reclaim(UUID member) {
        for (String name : MapNames.HELD) {
            IMap<String, HeldByMembers> map = hazelcast.getMap(name);
            int given = map.executeOnEntries(new Reclaim<>(member)).values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            if (given > 0) {
                LOG.info("gave back {} of {} that a lost node held", given, name);
            }
        }
        reclaimQuotas(member);
    }

    /** Members of the release before do not know what is held. */
    private void reclaimQuotas(UUID member) {
        if (!MemberIds.allKeepHolds(hazelcast)) {
            return;
        }
        IMap<String, QuotaRecord> map = hazelcast.getMap(MapNames.QUOTA);
        int given = map.executeOnEntries(new HoldProcessors.Drop(member)).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        if (given > 0) {
            LOG.info("gave back {} reservations under quotas that a lost node held", given);
        }
    }
}
