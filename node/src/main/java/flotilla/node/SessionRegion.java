package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.placement.LocalAllocation;
import flotilla.cluster.placement.SessionExtractor;
import flotilla.cluster.placement.SessionPlacement;
import flotilla.node.control.Sessions;
import flotilla.node.message.SessionMessage;
import flotilla.node.session.Session;
import flotilla.node.session.SessionEnvironment;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The way to the sessions of the whole cluster. On a worker it also holds the shards that live here. */
final class SessionRegion implements Sessions {
    static final String WORKER = "worker";

    private static final EntityTypeKey<SessionMessage> KEY = EntityTypeKey.create(SessionMessage.class, "session");

    private final ActorRef<ShardingEnvelope<SessionMessage>> region;
    private final SessionPlacement placement;
    private final ShardPlaces places;

    private SessionRegion(
            ActorRef<ShardingEnvelope<SessionMessage>> region, SessionPlacement placement, ShardPlaces places) {
        this.region = region;
        this.placement = placement;
        this.places = places;
    }

    /** Starts the region. Sessions may live here from then on. */
    static SessionRegion start(SessionEnvironment environment, NodeSettings.Placement placement) {
        ClusterNode cluster = environment.cluster();
        ActorRef<ShardingEnvelope<SessionMessage>> region = ClusterSharding.get(cluster.system())
                .init(Entity.of(KEY, entity -> Session.create(environment, entity.getEntityId()))
                        .withMessageExtractor(new SessionExtractor<>())
                        .withRole(WORKER)
                        .withAllocationStrategy(LocalAllocation.on(cluster.system(), cluster.board()))
                        .withStopMessage(Session.HandOff.INSTANCE));
        return new SessionRegion(region, placement(cluster, placement), ShardPlaces.ask(cluster.system(), region));
    }

    /** Returns why a new session would wait for its place; empty once the cluster gives places. Does not block. */
    List<String> problems() {
        return places.problems();
    }

    private static SessionPlacement placement(ClusterNode cluster, NodeSettings.Placement placement) {
        String own = SessionPlacement.shardsOf(cluster.system());
        return placement == NodeSettings.Placement.LOCAL && cluster.hasRole(WORKER)
                ? SessionPlacement.local(own)
                : SessionPlacement.spread(cluster.board(), own);
    }

    @Override
    public void tell(String sessionId, SessionMessage message) {
        region.tell(new ShardingEnvelope<>(sessionId, message));
    }

    /** Makes the id of a new session. The id decides on which node the session lives. */
    String newSessionId() {
        return placement.newSessionId();
    }
}
