package flotilla.cluster.forming;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.Patterns;

/**
 * Finds the state of the other first nodes when this node would form a cluster. Silence is no permission. A node that
 * is slow, hangs or cannot be reached may be in a cluster already, and two clusters on the same storage destroy files.
 */
final class OtherFirstNodes {
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /**
     * Longer than an answer may take. It is needed since the actor system that measures {@link #ANSWER} may end
     * meanwhile.
     */
    private static final long END_SECONDS = 4;

    /** Path of an actor that exists on all nodes. */
    private static final String NODES_PATH = "/system";

    /** Path of an actor that exists on members only. */
    private static final String MEMBERS_PATH = "/system/sharding";

    /** The state of a node. */
    enum Standing {
        /** The node is in a cluster, which this node has to join. */
        MEMBER("is in a cluster, but has not taken this node"),
        /** The node works and is in no cluster. */
        WAITING("runs, and is in no cluster"),
        /** The node's port accepts connections but does not answer, or did so at the previous look. */
        SILENT(
                "accepts connections but does not answer: it has another authority (flotilla.cluster.tls.ca) or another certificate than one of that authority, or it hangs, or it is no node"),
        /** The node's process has ended. */
        ENDED("refuses connections: no node runs there"),
        /** The node's host does not answer. */
        UNREACHABLE("cannot be reached: its host is down, or a firewall or a wrong address is in between");

        private final String text;

        Standing(String text) {
            this.text = text;
        }

        /** The state in words, to follow the name of the node. */
        String text() {
            return text;
        }
    }

    private final ActorSystem<?> system;
    private final List<Endpoint> nodes;
    private Map<Endpoint, Standing> former = Map.of();

    /**
     * Probes {@code nodes}.
     *
     * @param nodes the first nodes without this one
     */
    OtherFirstNodes(ActorSystem<?> system, List<Endpoint> nodes) {
        this.system = system;
        this.nodes = nodes;
    }

    /** Probes all ports, and asks the nodes behind those that accept. Blocks for a few seconds at most. */
    Map<Endpoint, Standing> look() {
        Map<Endpoint, CompletionStage<Standing>> asked = new TreeMap<>();
        for (Endpoint node : nodes) {
            asked.put(
                    node,
                    switch (PortProbe.of(node.address().getHostAddress(), node.port())) {
                        case ACCEPTS -> ask(node);
                        case REFUSES -> CompletableFuture.completedFuture(Standing.ENDED);
                        case NO_ANSWER -> CompletableFuture.completedFuture(unanswered(node));
                    });
        }
        Map<Endpoint, Standing> standings = new TreeMap<>();
        asked.forEach((node, standing) ->
                standings.put(node, standing.toCompletableFuture().join()));
        former = standings;
        return standings;
    }

    /** A hung process whose accept queue is full looks like a lost host. */
    private Standing unanswered(Endpoint node) {
        return former.get(node) == Standing.SILENT ? Standing.SILENT : Standing.UNREACHABLE;
    }

    /**
     * Asks for an actor that members have, between two questions for one that all nodes have. An answer that there is no
     * such actor may be this process's own: dead letters answer so when the way to the node is closed. That counts only
     * if the node itself answers before it and after it.
     */
    private CompletionStage<Standing> ask(Endpoint node) {
        return isThere(node, NODES_PATH)
                .thenCompose(runs -> runs ? isThere(node, MEMBERS_PATH) : failed())
                .thenCompose(isMember -> isMember
                        ? CompletableFuture.completedFuture(Standing.MEMBER)
                        : isThere(node, NODES_PATH).thenApply(runs -> runs ? Standing.WAITING : Standing.SILENT))
                .exceptionally(noAnswer -> Standing.SILENT)
                .toCompletableFuture()
                .completeOnTimeout(Standing.SILENT, END_SECONDS, TimeUnit.SECONDS);
    }

    private static CompletionStage<Boolean> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("no answer of the node"));
    }

    private CompletionStage<Boolean> isThere(Endpoint node, String path) {
        String whole = "pekko://" + system.name() + '@' + node + path;
        return Patterns.ask(Adapter.toClassic(system).actorSelection(whole), new Identify(whole), ANSWER)
                .thenApply(answer -> ((ActorIdentity) answer).getActorRef().isPresent());
    }

    /**
     * Whether a first node may form a cluster when the others are in these states. None of them may be in a cluster, or
     * may be in one silently. And a majority of all first nodes, this one included, must be known to be in none. So of
     * two nodes both must be known: the other one may be cut off instead of down.
     */
    static boolean allowForming(Collection<Standing> others) {
        if (others.contains(Standing.MEMBER) || others.contains(Standing.SILENT)) {
            return false;
        }
        long lost = others.stream().filter(Standing.UNREACHABLE::equals).count();
        int all = others.size() + 1;
        return 2 * (all - lost) > all;
    }
}
