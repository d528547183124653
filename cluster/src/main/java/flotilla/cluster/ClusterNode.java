package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;

/**
 * This node as a member of its cluster: the actor system, and the state that all nodes share.
 * {@code flotilla.cluster.hazelcast.HazelcastClusterNode.start} makes it.
 *
 * <p>Each service says when its stages fail. Once the node has left or was removed, those that ask other members fail.
 */
public interface ClusterNode {
    /** Name of this node, unique in the cluster. */
    String name();

    /** Random id of this incarnation of the node: each start of the process gets a new one. */
    UUID memberId();

    /** The holder for a session whose control socket is on this node. */
    default Holder holder(String session) {
        return new Holder(session, memberId());
    }

    /** The actor system of this node. */
    ActorSystem<SpawnProtocol.Command> system();

    /** The accounts. */
    UserDirectory users();

    /** The counts of limited slots. */
    Limits limits();

    /** The banned addresses. */
    Bans bans();

    /** The traced users, addresses and sessions. */
    Traces traces();

    /** The frozen sessions, users and addresses. */
    Freezes freezes();

    /** What the nodes have counted in the last minutes. */
    Figures figures();

    /** The switch that makes all nodes read-only. */
    WriteStop writeStop();

    /** The values of configuration keys that hold on every node. */
    Overrides overrides();

    /** The nodes that belong to the cluster. */
    Roll roll();

    /** The leases of passive ports. */
    PassivePool passivePool();

    /** The records of sessions. */
    SessionDirectory sessions();

    /** The keys of TLS session tickets. */
    TicketKeys ticketKeys();

    /** The locks of files that are being written. */
    UploadLocks uploadLocks();

    /** The rates that transfers on several nodes share. */
    RateShares rates();

    /** The states that the nodes post. */
    NodeBoard board();

    /** Whether this node has a role: {@code edge} takes connections, {@code worker} runs sessions. */
    boolean hasRole(String role);

    /** The usages of quotas. */
    QuotaLedger quotas();

    /** The secrets that all nodes share. */
    Vault vault();

    /** The events that wait for their targets. */
    Outbox outbox();

    /** The alerts of the cluster, and what they are made of. */
    AlertBoard alerts();

    /** The operators who are signed in to the console. */
    SignIns signIns();

    /** The values that all nodes agree on. */
    Agreements agreements();

    /** The texts that nodes send to all others. */
    default Circulars circulars() {
        return Circulars.ALONE;
    }

    /**
     * The reasons why this node takes no new work as a member; empty when it is ready. A node becomes ready when
     * Pekko's and Hazelcast's members were the same at two looks in a row. It stops being ready when its Hazelcast sees
     * no majority (or half without the oldest).
     */
    default List<String> disagreements() {
        return List.of();
    }

    /** Whether {@link #disagreements} is empty. */
    default boolean isAgreed() {
        return disagreements().isEmpty();
    }

    /**
     * Completes with the reason when the other members have removed this node. From then on nothing that this node does
     * counts, and its process must end. Its Hazelcast is terminated at once; {@link #leave} completes when that is
     * done. Never fails.
     */
    default CompletionStage<String> expelled() {
        return new CompletableFuture<>();
    }

    /**
     * Whether this node may change state that other nodes share: it has not been stopped for long, and the others would
     * go on with it. Otherwise the others may have declared it dead and taken over its sessions. Stays false once the
     * node was removed. Cheap.
     */
    default boolean mayWrite() {
        return true;
    }

    /**
     * Describes, as a sentence, another cluster that uses a place which this node was given at its start. The answer is
     * empty when the place belongs to this cluster or does not answer. A free place is taken. Blocks.
     */
    default Optional<String> anotherClusterOn(LeaseStore place) {
        return Optional.empty();
    }

    /** The number of operations on shared state that this node has started. Cheap. */
    default long operations() {
        return 0;
    }

    /**
     * Leaves the cluster in order: Pekko, then Hazelcast, then the database. Each step has a time limit, and a step
     * that fails or is late is logged. The stage completes when all is closed. It fails only when the last resources
     * cannot be closed.
     */
    CompletionStage<Void> leave();
}
