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
 * How the other first nodes stand when this one would form a cluster. Their silence is no permission: one that is slow, hangs or
 * cannot be reached may be in a cluster already, and two clusters on the same storage destroy files.
 */
final class OtherFirstNodes {
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /** Longer than an answer may take: the actor system that measures that may end meanwhile. */
    private static final long END_SECONDS = 4;

    /** Exists on members only. */
    private static final String MEMBERS_PATH = "/system/sharding";

    enum Standing {
        /** Is in a cluster, which this node has to join. */
        MEMBER("is in a cluster, but has not taken this node"),
        /** Works, and is in no cluster. */
        WAITING("runs, and is in no cluster"),
        /** Its port accepts connections, or has done so since it was heard of last, but it does not say anything. */
        SILENT(
                "accepts connections but does not answer: it has another authority (flotilla.cluster.tls.ca) or another certificate than one of that authority, or it hangs, or it is no node"),
        /** Its process has ended. */
        ENDED("refuses connections: no node runs there"),
        /** Its host does not answer. */
        UNREACHABLE("cannot be reached: its host is down, or a firewall or a wrong address is in between");

        private final String text;

        Standing(String text) {
            this.text = text;
        }

        /** After the name of the node. */
        String text() {
            return text;
        }
    }

    private final ActorSystem<?> system;
    private final List<Endpoint> nodes;
    private Map<Endpoint, Standing> former = Map.of();

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
                        case NO_ANSWER -> CompletableFuture.completedFuture(unanswered(node));
                    });
        }
        Map<Endpoint, Standing> standings = new TreeMap<>();
        asked.forEach((node, standing) ->
                standings.put(node, standing.toCompletableFuture().join()));
        former = standings;
        return standings;
    }

    /** Who hangs answers no more when nobody has taken the connections that came since: so it looks like a host that is lost. */
    private Standing unanswered(Endpoint node) {
        return former.get(node) == Standing.SILENT ? Standing.SILENT : Standing.UNREACHABLE;
    }

    private CompletionStage<Standing> ask(Endpoint node) {
        String path = "pekko://" + system.name() + '@' + node + MEMBERS_PATH;
        return Patterns.ask(Adapter.toClassic(system).actorSelection(path), new Identify(path), ANSWER)
                .handle((answer, none) -> !(answer instanceof ActorIdentity identity)
                        ? Standing.SILENT
                        : identity.getActorRef().isPresent() ? Standing.MEMBER : Standing.WAITING)
                .toCompletableFuture()
                .completeOnTimeout(Standing.SILENT, END_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Whether a first node may form a cluster when the others stand so: none is in one or may be in one without a word, and most of all first
     * nodes, this one included, are known to be in none. So of two both must be known: the other one may be cut off instead of down.
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
