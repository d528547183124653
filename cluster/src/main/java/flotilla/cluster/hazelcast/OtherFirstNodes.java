package flotilla.cluster.hazelcast;

import flotilla.cluster.forming.Endpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.Patterns;

/**
 * How the other first nodes stand when this one would form a cluster. Their silence is no permission: one that is slow, hangs or
 * cannot be reached may be in a cluster already, and two clusters on the same storage destroy files.
 */
final class OtherFirstNodes {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** Exists on members only. */
    private static final String MEMBERS_PATH = "/system/sharding";

    enum Standing {
        /** Is in a cluster, which this node has to join. */
        MEMBER,
        /** Works, and is in no cluster. */
        WAITING,
        /** Its port accepts connections, but it does not say anything. */
        SILENT,
        /** Its process has ended. */
        ENDED,
        /** Its host does not answer. */
        UNREACHABLE
    }

    private final ActorSystem<?> system;
    private final List<Endpoint> nodes;

    /** @param nodes the first nodes without this one */
    OtherFirstNodes(ActorSystem<?> system, List<Endpoint> nodes) {
        this.system = system;
        this.nodes = nodes;
    }

    /** Knocks at all of them and asks those that listen. Blocks for a few seconds at most. */
    Map<Endpoint, Standing> look() {
        Map<Endpoint, CompletionStage<Standing>> asked = new TreeMap<>();
        for (Endpoint node : nodes) {
            asked.put(
                    node,
                    switch (PortProbe.of(node.address().getHostAddress(), node.port())) {
                        case ACCEPTS -> ask(node);
                        case REFUSES -> CompletableFuture.completedFuture(Standing.ENDED);
                        case NO_ANSWER -> CompletableFuture.completedFuture(Standing.UNREACHABLE);
                    });
        }
        Map<Endpoint, Standing> standings = new TreeMap<>();
        asked.forEach((node, standing) ->
                standings.put(node, standing.toCompletableFuture().join()));
        return standings;
    }

    private CompletionStage<Standing> ask(Endpoint node) {
        String path = "pekko://" + system.name() + '@' + node + MEMBERS_PATH;
        return Patterns.ask(Adapter.toClassic(system).actorSelection(path), new Identify(node), ANSWER)
                .handle((answer, none) -> !(answer instanceof ActorIdentity identity)
                        ? Standing.SILENT
                        : identity.getActorRef().isPresent() ? Standing.MEMBER : Standing.WAITING);
    }

    /**
     * Whether a first node may form a cluster when the others stand so: none is in one or may be in one without a word, and of three and
     * more first nodes most are known to be in none. Of two, the other one's host may be down.
     */
    static boolean allowForming(Collection<Standing> others) {
        if (others.contains(Standing.MEMBER) || others.contains(Standing.SILENT)) {
            return false;
        }
        long lost = others.stream().filter(Standing.UNREACHABLE::equals).count();
        int all = others.size() + 1;
        return all == 2 || 2 * (all - lost) > all;
    }
}
