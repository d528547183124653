package flotilla.cluster.forming;

import flotilla.cluster.JoinException;
import flotilla.cluster.lease.ClusterLeases;
import flotilla.cluster.lease.ClusterLeases.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the first nodes, and forms a cluster on the first of them. When others say nothing, Pekko would wait for ever: this node looks for
 * itself. Before it has the leases of what the cluster shares, it can only join.
 */
final class Forming {
    private static final Logger LOG = LoggerFactory.getLogger(Forming.class);
    /** Looks in a row that must allow to form a cluster: between them Pekko hears of one that is there. */
    private static final int STEADY = 3;

    /** How often the others are asked to let this node in while it may not form a cluster: Pekko does not repeat it on a first node. */
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Claims what the cluster would share. */
    interface Claim {
        Answer make() throws InterruptedException;
    }

    private final ActorSystem<?> system;
    private final List<Endpoint> nodes;
    private final List<Endpoint> rest;
    private final OtherFirstNodes others;
    private final Claim claim;
    private final boolean isFirst;
    private final long patienceEnds;
    private Answer answer = new Answer(ClusterLeases.State.UNCLEAR, "", "");
    private Map<Endpoint, OtherFirstNodes.Standing> seen = Map.of();
    private int steady;
    private long asked;

    /**
     * @param nodes the first nodes, sorted
     * @param patience how long they are asked before this one looks for itself
     */
    Forming(ActorSystem<?> system, Endpoint self, List<Endpoint> nodes, Duration patience, Claim claim) {
        this.system = system;
        this.nodes = nodes;
        this.rest = nodes.stream().filter(node -> !node.equals(self)).toList();
        this.others = new OtherFirstNodes(system, rest);
        this.claim = claim;
        this.isFirst = nodes.get(0).equals(self);
        this.patienceEnds = System.nanoTime() + patience.toNanos();
    }

    /** Starts to join; blocks for some seconds at most. */
    void begin() throws InterruptedException {
        answer = isFirst ? claim.make() : answer;
        if (!isFirst || answer.isMine()) {
            PekkoSystem.join(system, nodes);
        } else {
            askRest();
        }
    }

    private void askRest() {
        asked = System.nanoTime();
        if (!rest.isEmpty()) {
            PekkoSystem.join(system, rest);
        }
    }

    /** To be repeated until this node is a member. @throws JoinException when it would form a second cluster */
    void look() throws JoinException, InterruptedException {
        if (!isFirst || steady >= STEADY) {
            return;
        }
        if (!answer.isMine()) {
            answer = claim.make();
            if (answer.isMine()) {
                PekkoSystem.join(system, nodes);
            } else if (rest.isEmpty()) {
                refuse();
            } else if (System.nanoTime() - asked >= ASK_NANOS) {
                askRest();
            }
        }
        if (System.nanoTime() - patienceEnds >= 0) {
            lookAtOthers();
        }
    }

    private void lookAtOthers() throws JoinException, InterruptedException {
        Map<Endpoint, OtherFirstNodes.Standing> now = others.look();
        if (!now.equals(seen)) {
            LOG.info("the other first nodes are {}", now);
            seen = now;
        }
        steady = OtherFirstNodes.allowForming(now.values()) ? steady + 1 : 0;
        if (steady == STEADY) {
            formOrRefuse();
        }
    }

    private void formOrRefuse() throws JoinException, InterruptedException {
        answer = claim.make();
        if (answer.isMine()) {
            LOG.info("none of the others is in a cluster: this node forms one");
            PekkoSystem.join(system, List.of());
        } else {
            refuse();
            steady = 0;
        }
    }

    /** Nobody is left to join, and another cluster has what this one would share. */
    private void refuse() throws JoinException {
        if (answer.state() == ClusterLeases.State.ANOTHERS) {
            throw new JoinException(answer.text() + ". None of flotilla.cluster.seeds " + nodes
                    + " is in it, so this node would form a second cluster: let flotilla.cluster.seeds name nodes of that cluster, or give"
                    + " this one another " + answer.key());
        }
    }

    /** What the other first nodes do now, for people; empty when there are none. Blocks for some seconds at most. */
    String standings() {
        if (rest.isEmpty()) {
            return "";
        }
        return others.look().entrySet().stream()
                .map(node -> node.getKey() + " " + node.getValue().text())
                .collect(Collectors.joining("; ", ". Of flotilla.cluster.seeds: ", ""));
    }

    /** What keeps this node from forming a cluster besides the others, as the end of a sentence; empty when nothing does. */
    String obstacle() {
        return answer.text().isEmpty() ? "" : "; but " + answer.text();
    }
}
