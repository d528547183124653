package flotilla.node;

import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** Reports each node that leaves the cluster, in good order or not. */
final class LostNodes {
    private LostNodes() {}

    static Behavior<MemberRemoved> tell(Consumer<Address> lost) {
        return Behaviors.setup(context -> {
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(Subscribe.create(context.getSelf(), MemberRemoved.class));
            return Behaviors.receive(MemberRemoved.class)
                    .onMessage(MemberRemoved.class, removed -> {
                        lost.accept(removed.member().address());
                        return Behaviors.same();
                    })
                    .build();
        });
    }
}
