package flotilla.node.tree;

import flotilla.cluster.Agreements;
import flotilla.storage.local.RootMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every two seconds that this node sees the same files as all nodes: its storage root must hold the marker that
 * the cluster agreed on. The first node makes that marker, unless it remembers another one.
 */
public final class StorageMarker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StorageMarker.class);
    private static final String SUBJECT = "storage-marker";
    private static final long PERIOD_SECONDS = 2;
    private static final long ANSWER_SECONDS = 10;
    private static final long NOT_LOOKING = 0;

    private final RootMarker marker;
    private final Agreements agreements;
    private final Supplier<Optional<String>> otherCluster;
    /** The marker has its own thread, because a mount that does not answer blocks its caller. */
    private final ScheduledExecutorService thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "flotilla-storage-marker");
        made.setDaemon(true);
        return made;
    });

    /**
     * The agreed marker, once this node has seen it in its root. It does not change while the cluster is up, so it is
     * not asked for again.
     */
    private Optional<String> confirmed = Optional.empty();

    /** False while the root was never writable: its operator then wants it read-only. */
    private boolean wasWritable;

    private volatile String problem = "the storage has not been looked at";
    private volatile boolean readOnly;
    private volatile long lookingSince = NOT_LOOKING;

    private StorageMarker(RootMarker marker, Agreements agreements, Supplier<Optional<String>> otherCluster) {
        this.marker = marker;
        this.agreements = agreements;
        this.otherCluster = otherCluster;
    }

    /**
     * Checks {@code root} every two seconds until closed.
     *
     * @param memory file that remembers the storage that this node has seen
     * @param otherCluster names the other cluster that has the storage, as a sentence; called until this node has once
     *     seen that there is none; may block
     */
    public static StorageMarker watch(
            Path root, Path memory, Agreements agreements, Supplier<Optional<String>> otherCluster) {
        StorageMarker marker = new StorageMarker(new RootMarker(root, memory), agreements, otherCluster);
        marker.thread.scheduleWithFixedDelay(marker::look, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
        return marker;
    }

    /** The reason why this node's storage is not the cluster's; empty when it is. */
    public Optional<String> problem() {
        long since = lookingSince;
        if (since != NOT_LOOKING && System.nanoTime() - since > TimeUnit.SECONDS.toNanos(ANSWER_SECONDS)) {
            return Optional.of("the storage in " + marker.root() + " does not answer");
        }
        String latest = problem;
        return latest.isEmpty() ? Optional.empty() : Optional.of(latest);
    }

    /**
     * The reason why the cluster's storage cannot be written; empty when it can, or never could. Clients can still
     * read.
     */
    public Optional<String> readOnly() {
        return readOnly ? Optional.of("the storage in " + marker.root() + " has become read-only") : Optional.empty();
    }

    private void look() {
        lookingSince = System.nanoTime() | 1;
        String found;
        try {
            found = compare();
        } catch (IOException | RuntimeException e) {
            // A process without a free descriptor learns nothing about its storage.
            found = String.valueOf(e.getMessage()).contains("Too many open files")
                    ? problem
                    : "the storage in " + marker.root() + " cannot be used: " + e;
        } catch (ExecutionException | TimeoutException e) {
            found = "what the cluster's storage is could not be asked: " + e.getMessage();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return;
        }
        if (found.isEmpty()) {
            lookWhetherWritable();
        }
        if (!found.equals(problem)) {
            problem = found;
            if (found.isEmpty()) {
                LOG.info("the storage in {} is the cluster's", marker.root());
            } else {
                LOG.warn("{}", found);
            }
        }
        lookingSince = NOT_LOOKING;
    }

    private void lookWhetherWritable() {
        boolean writable = Files.isWritable(marker.root());
        wasWritable |= writable;
        boolean lost = wasWritable && !writable;
        if (lost && !readOnly) {
            LOG.warn(
                    "the storage in {} has become read-only: uploads and changes are refused until it can be written"
                            + " again (a file system does so by itself after an error of its disk, see dmesg)",
                    marker.root());
        } else if (!lost && readOnly) {
            LOG.info("the storage in {} can be written again", marker.root());
        }
        readOnly = lost;
    }

    /** The fault of the storage; empty when there is none. */
    private String compare() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Optional<String> agreed = confirmed.isPresent() ? confirmed : await(agreements.find(SUBJECT));
        Optional<String> known = marker.remembered();
        Optional<String> here = marker.read();
        if (agreed.isEmpty()) {
            if (known.isPresent() && !known.equals(here)) {
                return marker.root() + (here.isEmpty() ? " is empty or not mounted" : " is another storage than before")
                        + "; remove " + marker.memory() + " if that is meant";
            }
            String proposed = here.isPresent() ? here.get() : marker.create();
            here = Optional.of(proposed);
            agreed = Optional.of(await(agreements.propose(SUBJECT, proposed)));
        }
        if (here.isEmpty()) {
            return marker.root()
                    + " does not hold the marker of the cluster's storage: it is not mounted, or not the same storage";
        }
        if (!here.equals(agreed)) {
            return marker.root() + " is another storage than the cluster's";
        }
        if (confirmed.isEmpty()) {
            Optional<String> other = otherCluster.get();
            if (other.isPresent()) {
                return other.get();
            }
        }
        marker.remember(here.get());
        confirmed = here;
        return "";
    }

    private static <T> T await(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
