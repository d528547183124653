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
 * Joins the first nodes of a cluster, or forms a cluster if this node is the first of them. Pekko would wait for the
 * others' answers without end, so this node probes them itself. Until it has the leases of everything that the cluster
 * shares, it may only join.
 */
final class Forming {
    private static final Logger LOG = LoggerFactory.getLogger(Forming.class);
    /**
     * Number of looks in a row that must allow forming a cluster. Between them, Pekko can find a cluster that exists.
     */
    private static final int STEADY = 3;

    /**
     * Time between two attempts to join the others while this node may not form a cluster. Pekko does not repeat them
     * on a first node.
     */
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Claims everything that the cluster would share. */
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
     * Forms or joins a cluster of {@code nodes}.
     *
     * @param nodes the first nodes, sorted
     * @param patience time for which Pekko asks the others before this node probes them itself
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

    /** Starts to join. Blocks for some seconds at most. */
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

    /**
     * Continues to form or join. Repeat this until this node is a member.
     *
     * @throws JoinException when this node would form a second cluster
     */
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

    /** Refuses to form a second cluster: no first node is in a cluster, and another cluster has the leases. */
    private void refuse() throws JoinException {
        if (answer.state() == ClusterLeases.State.ANOTHERS) {
            throw new JoinException(answer.text() + ". None of flotilla.cluster.seeds " + nodes
                    + " is in it, so this node would form a second cluster: let flotilla.cluster.seeds name nodes of that cluster, or give"
                    + " this one another " + answer.key());
        }
    }

    /**
     * The present state of the other first nodes, for people; empty when there are none. Blocks for some seconds at
     * most.
     */
    String standings() {
        if (rest.isEmpty()) {
            return "";
        }
        return others.look().entrySet().stream()
                .map(node -> node.getKey() + " " + node.getValue().text())
                .collect(Collectors.joining("; ", ". Of flotilla.cluster.seeds: ", ""));
    }

    /**
     * The obstacle to forming a cluster besides the other first nodes, as the end of a sentence; empty when there is
     * none.
     */
    String obstacle() {
        return answer.text().isEmpty() ? "" : "; but " + answer.text();
    }
}
