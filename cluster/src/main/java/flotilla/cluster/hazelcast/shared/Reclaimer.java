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
 * Releases everything that a lost member held, once Pekko confirms that the member is gone. The oldest member does
 * this: at once, and then once every 15 s for a few rounds more. The repeats are needed because an operation of the
 * dead member may still have been under way, and because the oldest member may die during its work.
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

    /** A member that Hazelcast has lost. One thread at a time changes it. */
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
     * Makes a reclaimer; {@link #start} starts it.
     *
     * @param isGone tells whether the cluster has no member at an address any more; Hazelcast may lose a member that is
     *     alive
     * @param gone receives the ids of members that are gone, and loses them again after the last round
     * @param blocking runs the work, which blocks
     * @param onGone is called once, on {@code blocking}, with the id of each member that is gone
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

    /** Listens to Hazelcast's memberships and looks every 250 ms whether a round is due. */
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

    /** A member is also gone when another process has joined at its address. */
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

    /**
     * Does nothing while a member of the previous release is in the cluster, since such a member does not know the
     * step.
     */
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
