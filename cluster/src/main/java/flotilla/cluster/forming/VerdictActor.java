package flotilla.cluster.forming;

import flotilla.cluster.leaving.Lasting;
import flotilla.cluster.leaving.Sight;
import flotilla.cluster.leaving.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks twice a second at the links between members, and removes the members that leave by a {@link Verdict} that
 * lasts. Every member that stays does so by itself. A member leaves by itself when it is cut off for long, or when its
 * peers prove that they go on without it.
 */
public final class VerdictActor extends AbstractActorWithTimers {
    private static final Logger LOG = LoggerFactory.getLogger(VerdictActor.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    /** A longer time between two looks means that this process stood still. */
    private static final long GAP = TimeUnit.SECONDS.toNanos(2);
    /** Time for which a peer's refusal counts. The peer repeats it with every message. */
    private static final long SHUT_OUT = TimeUnit.SECONDS.toNanos(10);

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final UniqueAddress self = cluster.selfUniqueAddress();
    private final Lasting<UniqueAddress> going;
    private final Lasting<UniqueAddress> cutOff;
    private final Map<UniqueAddress, Long> shutOutBy = new HashMap<>();
    private Verdict<UniqueAddress> former = new Verdict<>(Set.of(), Set.of(), Set.of());
    private boolean leaves;

    /**
     * Begins to watch.
     *
     * @param stable time after which members are removed, in nanoseconds
     * @param cutOff time after which this member leaves when it is cut off, in nanoseconds
     */
    public VerdictActor(long stable, long cutOff) {
        this.going = new Lasting<>(System.nanoTime(), stable, GAP);
        this.cutOff = new Lasting<>(System.nanoTime(), cutOff, GAP);
    }

    @Override
    public void preStart() {
        getContext().getSystem().eventStream().subscribe(getSelf(), ThisActorSystemQuarantinedEvent.class);
        getTimers().startTimerWithFixedDelay(LOOK, LOOK, LOOK);
    }

    @Override
    public void postStop() {
        getContext().getSystem().eventStream().unsubscribe(getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .matchEquals(LOOK, tick -> look())
                .match(ThisActorSystemQuarantinedEvent.class, this::shutOut)
                .build();
    }

    private void look() {
        Sight<UniqueAddress> sight = Sights.of(cluster);
        if (!sight.members().contains(self) && !sight.joining().contains(self)) {
            return; // this node is not a member yet, or no longer one
        }
        Verdict<UniqueAddress> verdict = Verdict.of(sight);
        tell(verdict);
        long now = System.nanoTime();
        Set<UniqueAddress> lasting = going.look(now, verdict.going());
        if (verdict.keeps(self)) {
            lasting.forEach(this::remove);
        }
        List<UniqueAddress> alone = verdict.isCutOff(sight, self) ? List.of(self) : List.of();
        if (!cutOff.look(now, alone).isEmpty()) {
            leave("it does not reach most of the members");
        }
    }

    private void remove(UniqueAddress member) {
        LOG.warn("{} has not been heard, or has not heard others, for long: it is removed", member.address());
        cluster.down(member.address());
    }

    private void leave(String reason) {
        if (!leaves) {
            leaves = true;
            LOG.error("this node leaves: {}", reason);
            cluster.down(self.address());
        }
    }

    private void tell(Verdict<UniqueAddress> verdict) {
        if (verdict.equals(former)) {
            return;
        }
        if (!verdict.going().isEmpty()) {
            LOG.info("members that will go if it stays so: {}", verdict.going());
        } else if (verdict.staying().isEmpty() && !former.staying().isEmpty()) {
            LOG.warn("no part of the cluster has most of its members: all wait, and nothing is written");
        } else if (!former.going().isEmpty()) {
            LOG.info("all members hear each other again");
        }
        former = verdict;
    }

    /**
     * A peer accepts no messages from this member any more. The peer may be wrong, so only several of them are a proof.
     */
    private void shutOut(ThisActorSystemQuarantinedEvent event) {
        long now = System.nanoTime();
        shutOutBy.values().removeIf(since -> now - since > SHUT_OUT);
        UniqueAddress peer = new UniqueAddress(
                event.remoteAddress().address(), event.remoteAddress().uid());
        if (shutOutBy.put(peer, now) == null) {
            LOG.warn("{} does not talk to this node any more", peer.address());
        }
        if (Verdict.isShutOut(Sights.of(cluster), shutOutBy.keySet())) {
            leave("its peers go on without it");
        }
    }
}
