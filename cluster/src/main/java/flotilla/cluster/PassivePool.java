package flotilla.cluster;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The leases of the cluster's passive ports. A lease promises that the next data connection from a client address to a
 * port belongs to a session. At most one lease exists for a (port, address) at a time, and it is taken exactly once.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#patience}. A port may have
 * been leased all the same, so the caller gives back all leases of the session.
 */
public interface PassivePool {
    /**
     * A lease.
     *
     * @param port the passive port
     * @param client text of the client's address
     * @param sessionId the session that the next connection belongs to
     */
    record Lease(int port, String client, String sessionId) {}

    /**
     * Leases a random port that is free for {@code client}. Completes with empty when every port is leased to that
     * address.
     */
    CompletionStage<OptionalInt> lease(Holder holder, InetAddress client);

    /**
     * Leases a port again to the session that had it, after a connection of a stranger has taken the lease. Completes
     * with false when another session has the port by now.
     */
    CompletionStage<Boolean> leaseAgain(Holder holder, int port, InetAddress client);

    /** Takes the lease of (port, client) and completes with its session's id; with empty when there is none. */
    CompletionStage<Optional<String>> take(int port, InetAddress client);

    /** Gives back a lease that was not taken. Has no effect when the lease is gone or belongs to another session. */
    CompletionStage<Void> release(String sessionId, int port, InetAddress client);

    /**
     * Gives back all leases of a session. The caller uses it when the answer to a lease did not come in time, so that
     * the port is not known.
     */
    CompletionStage<Void> releaseAll(String sessionId, InetAddress client);

    /**
     * The number of leases whose entries this member keeps. It is 0 on every member when there are no leases. Metrics
     * and tests use it.
     */
    int leased();

    /**
     * The ports among these that are leased to any client, over all nodes. Visits every lease and blocks, so ask for
     * many ports at once. Throws a runtime exception when the cluster does not answer.
     */
    Set<Integer> leasedAmong(Set<Integer> ports);

    /**
     * Up to {@code limit} of the leases whose entries this member keeps. Blocks, and throws a runtime exception when
     * Hazelcast has stopped.
     */
    List<Lease> list(int limit);
}
