package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.node.tree.StorageMarker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides if this node may take new work, and gives the reasons when it may not. Never blocks, except in
 * {@link #await}. Safe for many threads.
 */
public final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<Supplier<List<String>>> checks = new CopyOnWriteArrayList<>();

    private final Optional<StorageMarker> storage;

    private Readiness(Optional<StorageMarker> storage) {
        this.storage = storage;
    }

    /**
     * Makes the readiness of a node: both memberships agree, and its storage is the cluster's and has not become
     * read-only.
     *
     * @param storage the marker of the storage that this node needs; empty when it needs none with a marker
     */
    public static Readiness of(ClusterNode cluster, Optional<StorageMarker> storage) {
        Readiness readiness = new Readiness(storage);
        readiness.require(cluster::disagreements);
        readiness.require(() -> storage.flatMap(marker -> marker.problem().or(marker::readOnly)).stream()
                .toList());
        return readiness;
    }

    /**
     * Adds a check.
     *
     * @param check returns the reasons why the node is not ready; must not block
     */
    public void require(Supplier<List<String>> check) {
        checks.add(check);
    }

    /** The reasons why the node is not ready; empty when it is. */
    public List<String> reasons() {
        return checks.stream().flatMap(check -> check.get().stream()).toList();
    }

    /** Returns true while the node sees the cluster's storage, or need not see it. */
    public boolean hasStorage() {
        return storage.flatMap(StorageMarker::problem).isEmpty();
    }

    /** Returns true when the node is ready. */
    public boolean isReady() {
        return reasons().isEmpty();
    }

    /**
     * Blocks until the node is ready. Logs the reasons every 30 s.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void await() throws InterruptedException {
        long told = System.nanoTime() - TOLD_NANOS + Duration.ofSeconds(2).toNanos();
        for (List<String> reasons = reasons(); !reasons.isEmpty(); reasons = reasons()) {
            if (System.nanoTime() - told > TOLD_NANOS) {
                told = System.nanoTime();
                LOG.warn("not ready: {}", String.join("; ", reasons));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
