package flotilla.cluster.lease;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.LeaseStore;
import flotilla.cluster.LeaseTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches and keeps the lease of one place. Its methods block, and run one after the other. */
final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final long TOLD_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int ATTEMPTS = 5;

    private final LeaseStore store;
    private final LeaseTimes times;
    private final LongSupplier nanoTime;
    private Optional<ClusterLease> seen = Optional.empty();
    private boolean moved;
    private long since;
    private long told;
    private String named = "";

    LeaseKeeper(LeaseStore store, LeaseTimes times, LongSupplier nanoTime) {
        this.store = store;
        this.times = times;
        this.nanoTime = nanoTime;
        this.told = nanoTime.getAsLong() - TOLD_NANOS;
    }

    /** Reads the lease and decides what it means to the cluster {@code own}. */
    synchronized LeaseRule look(String own) throws IOException {
        Optional<ClusterLease> now = store.read();
        long time = nanoTime.getAsLong();
        boolean changed = now.isPresent() && (seen.isEmpty() || now.get().hasMovedSince(seen.get()));
        if (now.isEmpty() || changed) {
            moved = now.isPresent() && seen.isPresent();
            since = time;
        }
        seen = now;
        LeaseRule rule = LeaseRule.of(now, own, moved, Duration.ofNanos(time - since), times.patience());
        if (rule == LeaseRule.WATCHED && !named.equals(now.orElseThrow().clusterId())) {
            named = now.orElseThrow().clusterId();
            LOG.info(
                    "{} is marked by the cluster {}: this node forms no other one unless that mark is not renewed for {} s",
                    store.place(),
                    now.orElseThrow().cluster(),
                    times.patience().toSeconds());
        }
        return rule;
    }

    /**
     * Takes the place if its lease has not changed since the latest look. Returns false when another node was faster.
     */
    synchronized boolean take(String own, List<String> members) throws IOException {
        long renewals = seen.map(ClusterLease::renewals).orElse(0L) + 1;
        ClusterLease mine = new ClusterLease(own, times.clusterName(), members, renewals);
        if (!store.replace(seen, mine)) {
            return false;
        }
        seen.filter(before -> !before.clusterId().equals(own))
                .ifPresent(before -> LOG.info(
                        "{} was marked by the cluster {}, which does not renew that any more: it is this cluster's now",
                        store.place(),
                        before.cluster()));
        seen = Optional.of(mine);
        since = nanoTime.getAsLong();
        return true;
    }

    /**
     * Renews the lease of the cluster {@code own}, unless another member has done so since the last call. Takes the
     * place when it is free. Logs an error once a minute while it belongs to another cluster.
     */
    synchronized LeaseRule tend(String own, List<String> members) throws IOException {
        Optional<ClusterLease> before = seen;
        LeaseRule rule = look(own);
        switch (rule) {
            case FREE -> {
                return take(own, members) ? LeaseRule.OWN : look(own);
            }
            case OWN -> {
                ClusterLease mine = seen.orElseThrow();
                if (before.isPresent() && !mine.hasMovedSince(before.get())) {
                    take(own, members);
                }
            }
            case ANOTHERS -> tell();
            case WATCHED -> {}
        }
        return rule;
    }

    private void tell() {
        if (nanoTime.getAsLong() - told >= TOLD_NANOS) {
            told = nanoTime.getAsLong();
            LOG.error(
                    "{}. This one goes on, but two clusters there destroy each other's work: stop one of them",
                    sentence());
        }
    }

    /** Names the cluster that has the place, as a sentence. */
    synchronized String sentence() {
        return "another cluster uses " + store.place() + ": "
                + seen.map(ClusterLease::cluster).orElse("unknown");
    }

    /** Removes the member {@code name} from the lease of the cluster {@code own}. The last member removes the lease. */
    synchronized void release(String own, String name) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<ClusterLease> now = store.read();
            if (now.isEmpty() || !now.get().clusterId().equals(own)) {
                return;
            }
            ClusterLease rest = now.get().without(name);
            boolean done = rest.members().isEmpty() ? store.remove(now.get()) : store.replace(now, rest);
            if (done) {
                return;
            }
        }
    }
}
