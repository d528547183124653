package flotilla.cluster.hazelcast;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what members held that are gone. The oldest member does it, at once and a few times more: an operation of the
 * dead member may still have been under way, and the oldest member may die over it.
 */
final class Reclaimer implements MembershipListener {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaimer.class);
    private static final long AGAIN_MILLIS = 15_000;
    private static final int ROUNDS = 5;

    private final HazelcastInstance hazelcast;
    private final Executor blocking;
    private final Consumer<UUID> onMemberRemoved;
    private final Map<UUID, Integer> gone = new ConcurrentHashMap<>();

    /** Calls {@code onMemberRemoved} on {@code blocking} whenever a member is gone. */
    Reclaimer(HazelcastInstance hazelcast, Executor blocking, Consumer<UUID> onMemberRemoved) {
        this.hazelcast = hazelcast;
        this.blocking = blocking;
        this.onMemberRemoved = onMemberRemoved;
    }

    void start(Ticker ticker) {
        hazelcast.getCluster().addMembershipListener(this);
        ticker.every(AGAIN_MILLIS, () -> execute(this::reclaimAll));
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        gone.remove(event.getMember().getUuid());
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        gone.put(event.getMember().getUuid(), 0);
        execute(() -> {
            reclaimAll();
            onMemberRemoved.accept(event.getMember().getUuid());
        });
    }

    private void execute(Runnable work) {
        if (gone.isEmpty()) {
            return;
        }
        try {
            blocking.execute(() -> attempt(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("not reclaimed: this node is leaving or busy");
        }
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("reclaiming what a lost node held failed, it is tried again: {}", e.toString());
        }
    }

    private void reclaimAll() {
        for (Iterator<Map.Entry<UUID, Integer>> each = gone.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<UUID, Integer> member = each.next();
            if (isOldest()) {
                reclaim(member.getKey());
            }
            if (member.getValue() >= ROUNDS) {
                each.remove();
            } else {
                gone.computeIfPresent(member.getKey(), (uuid, rounds) -> rounds + 1);
            }
        }
    }

    private boolean isOldest() {
        return hazelcast.getCluster().getMembers().iterator().next().localMember();
    }

    private void reclaim(UUID member) {
        for (String name : MapConfigs.HELD) {
            IMap<String, Held> map = hazelcast.getMap(name);
            int given = map.executeOnEntries(new Reclaim<>(member)).values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            if (given > 0) {
                LOG.info("gave back {} of {} that a lost node held", given, name);
            }
        }
    }
}
