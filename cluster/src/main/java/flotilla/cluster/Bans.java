package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Addresses that are refused, on every node. IPv6 addresses are banned by /64. */
public interface Bans {
    /**
     * A refused address.
     *
     * @param block as {@link AddressBlock} writes it
     * @param reason for logs and operators
     */
    record Ban(
            @Tag(1) String block,
            @Tag(2) Instant until,
            @Tag(3) String reason) {}

    /** The ban of an address, looked up in this node's memory: never blocks. */
    Optional<Ban> find(InetAddress address);

    CompletionStage<Void> ban(InetAddress address, Duration duration, String reason);

    /** Lifts a ban; false if there was none. */
    CompletionStage<Boolean> unban(InetAddress address);

    /** Up to {@code limit} bans in force. */
    List<Ban> list(int limit);

    /** How many this node knows of. */
    int count();

    /**
     * Counts a wrong password from an address and bans it when {@code threshold} failures fell within {@code window}. A login
     * that succeeds takes nothing back: who guesses may have an account of his own.
     *
     * @param users who was tried, for the reason of the ban
     * @return the ban when this failure caused one
     */
    CompletionStage<Optional<Ban>> loginFailed(
            InetAddress address, int threshold, Duration window, Duration banDuration, String users);
}
