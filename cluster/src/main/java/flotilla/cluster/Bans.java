package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Banned addresses and networks, which every node refuses. An IPv6 address is banned with its /64. Bans that are kept
 * are in the accounts' database, and outlive the nodes; others end with the last node.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}. The change may have
 * been made all the same.
 */
public interface Bans {
    /** The end of a ban without an end. */
    Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * A ban.
     *
     * @param block the banned addresses, as {@link Block} writes them
     * @param until the end of the ban; {@link #FOREVER} for none
     * @param reason for logs and operators
     */
    record Ban(
            @Tag(1) String block,
            @Tag(2) Instant until,
            @Tag(3) String reason) {}

    /** The ban in force of an address; empty when there is none. Reads this node's memory and never blocks. */
    Optional<Ban> find(InetAddress address);

    /**
     * Bans an address from now on, in place of an earlier ban of the same block. A kept one is removed from the
     * database.
     *
     * @param duration at least 1 ms
     * @param reason for logs and operators
     */
    CompletionStage<Void> ban(InetAddress address, Duration duration, String reason);

    /**
     * Bans a block until then, in place of an earlier ban of the same block, and keeps the ban in the database. When the
     * stage completes, it is stored, and holds on all nodes soon.
     *
     * @return the ban; empty when too many are kept already
     */
    CompletionStage<Optional<Ban>> keep(Block block, Instant until, String reason);

    /** The bans in force that are kept, in the order of their blocks. Reads this node's memory. */
    List<Ban> kept();

    /** Lifts the ban of a block, kept or not. Completes with false if there was none. */
    CompletionStage<Boolean> unban(Block block);

    /** Lifts the ban of an address. Completes with false if there was none. */
    default CompletionStage<Boolean> unban(InetAddress address) {
        return unban(Block.of(address));
    }

    /** Up to {@code limit} bans in force, in the order of their blocks. Reads this node's memory. */
    List<Ban> list(int limit);

    /** The number of bans that this node knows of. */
    int count();

    /**
     * Counts a wrong password from an address, and bans the address when {@code threshold} failures fell within
     * {@code window}. A successful login does not reset the count: a guesser may have an account, too.
     *
     * @param users the names that were tried, for the reason of the ban
     * @return the ban if this failure caused one
     */
    CompletionStage<Optional<Ban>> loginFailed(
            InetAddress address, int threshold, Duration window, Duration banDuration, String users);
}
