package flotilla.cluster.forming;

import flotilla.cluster.JoinException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.Patterns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders nodes that join at once. A node starts the steps that cost the other members work only when all older nodes
 * have finished theirs. A second node of a name is refused; if a process of that name has just died, this node waits
 * until it is removed.
 */
public final class JoinQueue {
    private static final Logger LOG = LoggerFactory.getLogger(JoinQueue.class);
    /** Name of an actor that exists only on nodes that have finished joining. */
    private static final String JOINED = "flotilla-joined";

    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    /** Longest wait for the nodes ahead. */
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Longer than a process that has died or hangs stays a member. */
    private static final long NAMESAKE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final ActorSystem<?> system;
    private final PekkoMembership pekko;
    private final Set<Address> joined = new HashSet<>();

    /** Queues the member that {@code system} is. */
    public JoinQueue(ActorSystem<?> system, PekkoMembership pekko) {
        this.system = system;
        this.pekko = pekko;
    }

    /**
     * Waits until it is this node's turn, for a minute at most. Blocks.
     *
     * @throws JoinException when another node has its name
     */
    public void await() throws JoinException {
        long begin = System.nanoTime();
        Optional<Address> namesake = pekko.namesake();
        while (namesake.isPresent()) {
            if (System.nanoTime() - begin > NAMESAKE_NANOS
                    || hasJoined(namesake.get()).join()) {
                throw new JoinException("the cluster has a node of this name (flotilla.node.name) already, at "
                        + namesake.get().hostPort().replaceFirst("^.*@", ""));
            }
            LockSupport.parkNanos(LOOK_NANOS);
            namesake = pekko.namesake();
        }
        while (!isTurn()) {
            if (System.nanoTime() - begin > TURN_NANOS) {
                LOG.warn("nodes that came before have not joined yet; this one joins all the same");
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Announces that this node has joined, to the nodes that wait for it. */
    public static void leave(ActorSystem<?> system) {
        system.systemActorOf(Behaviors.empty(), JOINED, Props.empty());
    }

    private boolean isTurn() {
        Set<Address> ahead = pekko.older();
        ahead.removeAll(joined);
        ahead.stream()
                .map(member -> hasJoined(member).thenAccept(has -> remember(member, has)))
                .toList()
                .forEach(CompletableFuture::join);
        return joined.containsAll(ahead);
    }

    private synchronized void remember(Address member, boolean has) {
        if (has) {
            joined.add(member);
        }
    }

    private CompletableFuture<Boolean> hasJoined(Address member) {
        String path = member + "/system/" + JOINED;
        CompletionStage<Object> answer =
                Patterns.ask(Adapter.toClassic(system).actorSelection(path), new Identify(path), ANSWER);
        return answer.handle((identity, silence) -> identity instanceof ActorIdentity told
                        && told.getActorRef().isPresent())
                .toCompletableFuture()
                .completeOnTimeout(false, 2 * ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
