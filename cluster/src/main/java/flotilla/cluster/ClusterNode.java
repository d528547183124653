package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;

/** This node as a member: the actor system and everything nodes share. Made by {@code flotilla.cluster.hazelcast.HazelcastClusterNode.start}. */
public interface ClusterNode {
    String name();

    /** Which incarnation of this node this is: another one after each start. */
    UUID memberId();

    /** A session whose control socket is on this node, as the holder of something shared. */
    default Holder holder(String session) {
        return new Holder(session, memberId());
    }

    ActorSystem<SpawnProtocol.Command> system();

    UserDirectory users();

    Limits limits();

    Bans bans();

    Traces traces();

    PassivePool passivePool();

    SessionDirectory sessions();

    TicketKeys ticketKeys();

    UploadLocks uploadLocks();

    RateShares rates();

    NodeBoard board();

    /** Whether this node has a role: {@code edge} takes connections, {@code worker} runs sessions. */
    boolean hasRole(String role);

    QuotaLedger quotas();

    Agreements agreements();

    /**
     * Why this node takes no new work as a member. Empty once Pekko's and Hazelcast's members were the same at two looks in a row, and for as
     * long then as its Hazelcast has most of them.
     */
    default List<String> disagreements() {
        return List.of();
    }

    /** Whether there are no {@link #disagreements}. */
    default boolean isAgreed() {
        return disagreements().isEmpty();
    }

    /**
     * Completes with the reason when the others removed this node, which is when nothing it does counts any more: the process must end. Its
     * Hazelcast is terminated at once; {@link #leave} completes when that is done.
     */
    default CompletionStage<String> expelled() {
        return new CompletableFuture<>();
    }

    /**
     * Whether this node may change what other nodes share: it has not been stopped for long, and the others would go on with it. One that
     * may not may have been declared dead, and others go on with its sessions. Never again once it was removed. Cheap.
     */
    default boolean mayWrite() {
        return true;
    }

    /**
     * Which other cluster has a place that this one was given at its start, as a sentence; empty when it is this one's, which takes it when it
     * is free. Blocks.
     */
    default Optional<String> anotherClusterOn(LeaseStore place) {
        return Optional.empty();
    }

    /** How many operations on what nodes share this node has started. Cheap. */
    default long operations() {
        return 0;
    }

    /** Leaves the cluster in order: Pekko, then Hazelcast, then the database. Completes when all is closed. */
    CompletionStage<Void> leave();
}
