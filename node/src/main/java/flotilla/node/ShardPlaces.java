package flotilla.node;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;

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
    private final EntityTypeKey<?> key;
    private volatile boolean given;

    private ShardPlaces(ActorSystem<?> system, EntityTypeKey<?> key) {
        this.system = system;
        this.key = key;
    }

    /** Begins to ask. The region of these entities must have been started. */
    static ShardPlaces ask(ActorSystem<?> system, EntityTypeKey<?> key) {
        ShardPlaces places = new ShardPlaces(system, key);
        places.ask();
        return places;
    }

    private void ask() {
        AskPattern.<ClusterShardingQuery, ClusterShardingStats>ask(
                        ClusterSharding.get(system).shardState(),
                        replyTo -> new GetClusterShardingStats(key, PATIENCE, replyTo),
                        PATIENCE,
                        system.scheduler())
                .whenComplete((stats, failure) -> {
                    // a region without a coordinator answers that there is no region
                    if (failure == null && !stats.getRegions().isEmpty()) {
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
