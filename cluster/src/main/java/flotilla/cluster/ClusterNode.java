package flotilla.cluster;

import java.util.UUID;
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

    PassivePool passivePool();

    SessionDirectory sessions();

    TicketKeys ticketKeys();

    UploadLocks uploadLocks();

    NodeBoard board();

    /** Whether this node has a role: {@code edge} takes connections, {@code worker} runs sessions. */
    boolean hasRole(String role);

    QuotaLedger quotas();

    /** Whether this member is up and Pekko and Hazelcast agree on who else is; a node that is not agreed takes no new work. */
    default boolean isAgreed() {
        return true;
    }

    /**
     * Whether this node may change what other nodes share: it has not been stopped for long, and sees most of the others. One that may
     * not may have been declared dead, and others go on with its sessions. Cheap.
     */
    default boolean mayWrite() {
        return true;
    }

    /** Leaves the cluster in order: Pekko, then Hazelcast, then the database. Completes when all is closed. */
    CompletionStage<Void> leave();
}
