package flotilla.cluster;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The passive ports of the cluster. A lease says: the next data connection from this client address to this port belongs to
 * this session. At most one lease exists for a (port, address) at a time, and it is taken exactly once.
 */
public interface PassivePool {
    /** A lease. @param client text of the client's address */
    record Lease(int port, String client, String sessionId) {}

    /** Leases a random port that is free for {@code client}; empty when every port is leased to that address. */
    CompletionStage<OptionalInt> lease(Holder holder, InetAddress client);

    /** Leases that port once more for the session that had it, after the wrong one came; false when it is another session's by now. */
    CompletionStage<Boolean> leaseAgain(Holder holder, int port, InetAddress client);

    /** Takes the lease of (port, client) and returns the session id it belongs to; empty when there is none. */
    CompletionStage<Optional<String>> take(int port, InetAddress client);

    /** Gives a lease back that was not taken; without effect when it is another session's or gone. */
    CompletionStage<Void> release(String sessionId, int port, InetAddress client);

    /** Gives back all leases of a session: for one whose grant was not answered in time, and whose port is not known. */
    CompletionStage<Void> releaseAll(String sessionId, InetAddress client);

    /** Leases in force that this node can see cheaply (for metrics and leak tests: 0 when nothing is going on). */
    int leased();

    /** Which of these ports are leased to anyone, over all nodes. Looks at every lease and blocks: not for each of many. */
    Set<Integer> leasedAmong(Set<Integer> ports);

    /** Up to {@code limit} of those leases. Blocks. */
    List<Lease> list(int limit);
}
