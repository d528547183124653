package flotilla.node;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentRegions;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;

/**
 * Whether the coordinator of shards has begun to give places. While a cluster forms, it first reads its state from most
 * of the nodes. A session that a client needs before that would wait, for ten seconds and more.
 *
 * <p>It asks until it knows, and no more then: when the coordinator moves later, sessions wait for it as for any other
 * message.
 */
final class ShardPlaces {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ActorSystem<?> system;
    private final ActorRef region;
    private volatile boolean given;

    private ShardPlaces(ActorSystem<?> system, ActorRef region) {
        this.system = system;
        this.region = region;
    }

    /**
     * Begins to ask.
     *
     * @param region of this node: it holds shards, or only knows the way to them
     */
    static ShardPlaces ask(ActorSystem<?> system, org.apache.pekko.actor.typed.ActorRef<?> region) {
        ShardPlaces places = new ShardPlaces(system, Adapter.toClassic(region));
        places.ask();
        return places;
    }

    private void ask() {
        Patterns.ask(region, ShardRegion.getCurrentRegionsInstance(), PATIENCE).whenComplete((answer, failure) -> {
            // a region without a coordinator answers that there is no region
            if (answer instanceof CurrentRegions known && !known.getRegions().isEmpty()) {
                given = true;
            } else if (!system.whenTerminated().isCompleted()) {
                system.scheduler().scheduleOnce(PAUSE, this::ask, system.executionContext());
            }
        });
    }

    /** Returns why a new session would wait for its place; empty once the cluster gives places. */
    List<String> problems() {
        return given || isAlone() ? List.of() : List.of("the coordinator of sessions does not answer yet");
    }

    /** A node on its own waits for nobody: its coordinator starts within half a second. */
    private boolean isAlone() {
        return Cluster.get(system).state().members().size() == 1;
    }
}
