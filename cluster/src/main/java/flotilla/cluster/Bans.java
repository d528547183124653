package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Banned addresses, which every node refuses. An IPv6 address is banned with its /64.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}. The change may have
 * been made all the same.
 */
public interface Bans {
    /**
     * A ban.
     *
     * @param block the banned addresses, as {@link AddressBlock} writes them
     * @param until the end of the ban
     * @param reason for logs and operators
     */
    record Ban(
            @Tag(1) String block,
            @Tag(2) Instant until,
            @Tag(3) String reason) {}

    /** The ban in force of an address; empty when there is none. Reads this node's memory and never blocks. */
    Optional<Ban> find(InetAddress address);

    /**
     * Bans an address from now on, in place of an earlier ban.
     *
     * @param duration at least 1 ms
     * @param reason for logs and operators
     */
    CompletionStage<Void> ban(InetAddress address, Duration duration, String reason);

    /** Lifts a ban. Completes with false if there was none. */
    CompletionStage<Boolean> unban(InetAddress address);

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
