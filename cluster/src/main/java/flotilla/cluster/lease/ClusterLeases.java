package flotilla.cluster.lease;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.LeaseStore;
import flotilla.cluster.LeaseTimes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of a cluster on everything that its nodes share. A node claims them before it forms a cluster. All members
 * renew them, one at a time. The last member that leaves gives them back. The failure of a place never ends a cluster.
 */
public final class ClusterLeases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLeases.class);
    /** Longest wait for the answer of one place. */
    private static final long ANSWER_MILLIS = 5_000;

    /** The result of a claim. */
    public enum State {
        /** Every place belongs to this cluster. */
        MINE,
        /** Some place may still belong to another cluster. */
        UNCLEAR,
        /** Some place belongs to another cluster, which is at work. */
        ANOTHERS
    }

    /**
     * The answer to a claim.
     *
     * @param state the result
     * @param text the obstacle, in words; empty when there is none
     * @param key configuration key of the place in question; empty when there is none
     */
    public record Answer(State state, String text, String key) {
        /** Whether every place belongs to this cluster. */
        public boolean isMine() {
            return state == State.MINE;
        }
    }

    private static final Answer MINE = new Answer(State.MINE, "", "");

    private final String nodeName;
    private final LeaseTimes times;
    private final List<LeaseWorker> workers;
    private final AtomicBoolean kept = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile Supplier<List<String>> members;
    private volatile String own = ClusterLease.newId();
    private volatile boolean held;

    /**
     * Keeps the leases of {@code stores} for this node's cluster.
     *
     * @param address address of this node, {@code host:port}
     */
    public ClusterLeases(String nodeName, String address, LeaseTimes times, List<LeaseStore> stores) {
        this.nodeName = nodeName;
        this.times = times;
        this.workers =
                stores.stream().map(store -> new LeaseWorker(store, times)).toList();
        this.members = () -> List.of(nodeName + '@' + address);
    }

    /** Sets the source of the members, {@code name@host:port} of each. */
    public void membersAre(Supplier<List<String>> found) {
        members = found;
    }

    /**
     * Claims every place for a cluster that this node would form. Repeat this while the answer is
     * {@link State#UNCLEAR}. Blocks for some seconds at most.
     */
    public Answer claim() throws InterruptedException {
        List<LeaseWorker> free = new ArrayList<>();
        Answer answer = MINE;
        for (LeaseWorker worker : workers) {
            Optional<LeaseRule> rule = worker.ask(keeper -> keeper.look(own), ANSWER_MILLIS);
            LeaseStore store = worker.store();
            if (rule.isEmpty()) {
                answer = store.isNeeded() ? unclear(store, store.place() + " does not answer") : answer;
            } else if (rule.get() == LeaseRule.ANOTHERS) {
                return new Answer(State.ANOTHERS, worker.keeper().sentence(), store.key());
            } else if (rule.get() == LeaseRule.WATCHED) {
                answer = unclear(store, worker.keeper().sentence());
            } else if (rule.get() == LeaseRule.FREE) {
                free.add(worker);
            }
        }
        return answer.isMine() ? take(free) : answer;
    }

    private Answer take(List<LeaseWorker> free) throws InterruptedException {
        for (LeaseWorker worker : free) {
            LeaseStore store = worker.store();
            boolean taken = worker.ask(keeper -> keeper.take(own, members.get()), ANSWER_MILLIS)
                    .orElse(!store.isNeeded());
            if (!taken) {
                release();
                return unclear(store, "another node took " + store.place() + " in the same moment");
            }
        }
        held = true;
        keep();
        return MINE;
    }

    private static Answer unclear(LeaseStore store, String text) {
        return new Answer(State.UNCLEAR, text, store.key());
    }

    /**
     * The id that this node would give its cluster: the id of its claim, or the id that the cluster it has joined has
     * noted.
     */
    public String candidate() throws InterruptedException {
        for (LeaseWorker worker : workers) {
            if (!held && worker.store().isNeeded()) {
                Optional<String> noted = worker.ask(
                        keeper -> worker.store()
                                .read()
                                .map(ClusterLease::clusterId)
                                .orElse(own),
                        ANSWER_MILLIS);
                return noted.orElse(own);
            }
        }
        return own;
    }

    /** Keeps every place for the cluster {@code id}, of which this node is a member, from now on. */
    public void adopt(String id) {
        if (!id.equals(own)) {
            giveBack();
            own = id;
        }
        held = true;
        keep();
    }

    private void keep() {
        if (!kept.getAndSet(true)) {
            workers.forEach(worker -> worker.every(
                    times.renew().toMillis(), keeper -> held ? keeper.tend(own, members.get()) : LeaseRule.FREE));
        }
    }

    /**
     * Describes another cluster that has a place, as a sentence; empty when the place belongs to this cluster or does
     * not answer. Takes a free place. Blocks.
     */
    public Optional<String> another(LeaseStore store) {
        for (LeaseWorker worker : workers) {
            if (worker.store().equals(store)) {
                try {
                    LeaseRule rule = worker.keeper().tend(own, members.get());
                    return rule == LeaseRule.WATCHED || rule == LeaseRule.ANOTHERS
                            ? Optional.of(worker.keeper().sentence())
                            : Optional.empty();
                } catch (IOException | RuntimeException e) {
                    if (!warned.getAndSet(true)) {
                        LOG.warn("another cluster on {} would not be noticed: {}", store.place(), e.toString());
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Takes this node off the leases; the last member of a cluster removes them. Blocks for some seconds at most. */
    public void giveBack() {
        if (held) {
            held = false;
            try {
                release();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void release() throws InterruptedException {
        for (LeaseWorker worker : workers) {
            Optional<Boolean> unused = worker.ask(
                    keeper -> {
                        keeper.release(own, nodeName);
                        return true;
                    },
                    ANSWER_MILLIS);
        }
    }

    /** Stops renewing, and gives nothing back. */
    @Override
    public void close() {
        workers.forEach(LeaseWorker::close);
    }
}
