package flotilla.cluster.forming;

import flotilla.cluster.JoinException;
import flotilla.cluster.Seeds;
import flotilla.cluster.lease.ClusterLeases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this node a member of Pekko's cluster. Of the first nodes that the look-up gives, only the one with the lowest
 * address may form a cluster. It does so only after the others have answered that they are no members, or after its
 * patience has ended and {@link OtherFirstNodes} allows it. If the look-up changes before this node is a member, the
 * join starts over with the new result.
 */
public final class PekkoJoin {
    private static final Logger LOG = LoggerFactory.getLogger(PekkoJoin.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /**
     * Pekko's own time limit, after which it would form a cluster on the first node whatever the others answer. It
     * never comes, since {@link Forming} decides that.
     */
    private static final Duration NEVER = Duration.ofDays(100);

    private static final String NOT_LET_UP = "the cluster has not let it up (is one of its nodes unreachable?)";

    private static final long STOP_SECONDS = 20;
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Seeds seeds;
    private final Endpoint self;
    private final Function<Duration, ActorSystem<SpawnProtocol.Command>> systems;
    private final Runnable database;
    private final ClusterLeases leases;
    private final long deadline;

    /**
     * Prepares a join; {@link #run} carries it out.
     *
     * @param seeds the sources of the first nodes
     * @param self this node
     * @param systems makes an actor system; its argument is the time for which Pekko waits for answers of first nodes
     * @param database waits until the database is open, and throws when it cannot be opened
     * @param leases must belong to this node before it forms a cluster
     */
    public PekkoJoin(
            Seeds seeds,
            Endpoint self,
            Function<Duration, ActorSystem<SpawnProtocol.Command>> systems,
            Runnable database,
            ClusterLeases leases) {
        this.seeds = seeds;
        this.self = self;
        this.systems = systems;
        this.database = database;
        this.leases = leases;
        this.deadline = System.nanoTime() + seeds.giveUp().toNanos();
    }

    /**
     * Joins. Blocks until this node is up.
     *
     * @throws JoinException when this node cannot join, or not within {@link Seeds#giveUp}
     */
    public ActorSystem<SpawnProtocol.Command> run() throws JoinException, InterruptedException {
        if (seeds.isEmpty()) {
            return alone();
        }
        SeedLookup lookup = new SeedLookup(seeds);
        while (true) {
            List<Endpoint> nodes = agreed(lookup);
            boolean first = nodes.get(0).equals(self);
            ActorSystem<SpawnProtocol.Command> system = systems.apply(first ? NEVER : RETRY);
            try {
                if (isUp(system, lookup, nodes)) {
                    return system;
                }
                LOG.info("the first nodes have changed, starting over");
            } catch (JoinException | RuntimeException e) {
                stop(system);
                throw e;
            }
            stop(system);
        }
    }

    private ActorSystem<SpawnProtocol.Command> alone() throws JoinException, InterruptedException {
        ActorSystem<SpawnProtocol.Command> system = systems.apply(RETRY);
        try {
            CompletableFuture<Void> up = PekkoSystem.up(system);
            claimAlone(system);
            PekkoSystem.join(system, List.of());
            up.get(seeds.giveUp().toNanos(), TimeUnit.NANOSECONDS);
            return system;
        } catch (JoinException | RuntimeException e) {
            stop(system);
            throw e;
        } catch (ExecutionException | TimeoutException e) {
            stop(system);
            throw new JoinException("the node did not come up: " + e);
        }
    }

    /** Waits until everything that this node would share is free for a cluster of its own. */
    private void claimAlone(ActorSystem<?> system) throws JoinException, InterruptedException {
        ClusterLeases.Answer answer = claim(system);
        while (!answer.isMine()) {
            if (answer.state() == ClusterLeases.State.ANOTHERS || System.nanoTime() - deadline > 0) {
                throw new JoinException(
                        answer.text() + ". This node has no flotilla.cluster.seeds, so it would be a second cluster:"
                                + " give all nodes the same seeds to make them one cluster, or give this one another "
                                + answer.key());
            }
            LockSupport.parkNanos(seeds.interval().toNanos());
            answer = claim(system);
        }
    }

    private ClusterLeases.Answer claim(ActorSystem<?> system) throws InterruptedException {
        try {
            database.run();
        } catch (RuntimeException e) {
            PekkoSystem.awaitStart(system); // a system that is stopped while it starts logs stack traces
            throw e;
        }
        return leases.claim();
    }

    private List<Endpoint> agreed(SeedLookup lookup) throws JoinException {
        try {
            return lookup.agreed(deadline);
        } catch (TimeoutException e) {
            throw new JoinException(String.valueOf(e.getMessage()));
        }
    }

    /** Waits until the node is up. Returns false when the look-up has changed before the node was a member. */
    private boolean isUp(ActorSystem<?> system, SeedLookup lookup, List<Endpoint> nodes)
            throws JoinException, InterruptedException {
        LOG.info("this node is {}; {}", self, waitsFor(nodes));
        CompletableFuture<Void> up = PekkoSystem.up(system);
        if (!nodes.get(0).equals(self)) {
            leases.giveBack(); // another node forms the cluster now
        }
        Forming forming = new Forming(system, self, nodes, seeds.firstPatience(), () -> claim(system));
        forming.begin();
        long told = System.nanoTime();
        while (!await(up)) {
            if (PekkoSystem.isEnding(system)) {
                throw new JoinException(
                        "the cluster of " + nodes + " does not take this node: " + PekkoSystem.refusal(system));
            }
            boolean member = Cluster.get(system).selfMember().status() != MemberStatus.removed();
            if (System.nanoTime() - deadline > 0) {
                throw late(member ? NOT_LET_UP : waitsFor(nodes) + forming.obstacle() + forming.standings());
            }
            if (!member && lookup.hasChangedFrom(nodes)) {
                return false;
            }
            if (!member) {
                forming.look();
            }
            if (System.nanoTime() - told > TOLD_NANOS) {
                told = System.nanoTime();
                LOG.info("still not a member: {}", member ? "waiting to be let up" : waitsFor(nodes));
            }
        }
        return true;
    }

    private JoinException late(String reason) {
        return new JoinException("not a member after " + seeds.giveUp().toSeconds() + " s: " + reason);
    }

    private boolean await(CompletableFuture<Void> up) throws InterruptedException {
        try {
            up.get(seeds.interval().toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private String waitsFor(List<Endpoint> nodes) {
        Endpoint first = nodes.get(0);
        return first.equals(self)
                ? "it forms a cluster unless one of " + nodes + " is in one"
                : "it waits for a cluster of " + nodes + ", which " + first + " forms when there is none";
    }

    /** Terminates a system, which leaves the cluster first. Blocks for {@value #STOP_SECONDS} s at most. */
    public static void stop(ActorSystem<?> system) {
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
