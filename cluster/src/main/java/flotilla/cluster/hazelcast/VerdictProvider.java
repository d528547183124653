package flotilla.cluster.hazelcast;

import flotilla.cluster.forming.VerdictActor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.DowningProvider;
import scala.Option;
import scala.Some;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;

/**
 * Lets {@link VerdictActor} decide which members are removed. {@code flotilla-cluster.conf} names this class, and Pekko
 * makes it. A node can join only members whose provider has the same class name. So the name and the package stay:
 * during an upgrade nodes of two releases are in one cluster.
 */
final class VerdictProvider extends DowningProvider {
    private final ActorSystem system;

    VerdictProvider(ActorSystem system) {
        this.system = system;
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        return Duration.create(millis("pekko.cluster.down-removal-margin"), TimeUnit.MILLISECONDS);
    }

    @Override
    public Option<Props> downingActorProps() {
        long stable = TimeUnit.MILLISECONDS.toNanos(millis("flotilla.leaving.stable-after"));
        long cutOff = TimeUnit.MILLISECONDS.toNanos(millis("flotilla.leaving.cut-off-after"));
        return new Some<>(Props.create(VerdictActor.class, () -> new VerdictActor(stable, cutOff)));
    }

    private long millis(String path) {
        return system.settings().config().getDuration(path, TimeUnit.MILLISECONDS);
    }
}
