package flotilla.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a node as a member of a cluster.
 *
 * @param database the database of accounts
 * @param leases the cluster's leases on its database and storages
 */
public record ClusterSettings(
        Self self, Network network, Shared shared, Operations operations, Database database, LeaseTimes leases) {

    /**
     * This node.
     *
     * @param name unique in the cluster
     * @param roles Pekko roles of this node
     * @param appVersion version of the program, for rolling upgrades
     */
    public record Self(String name, List<String> roles, String appVersion) {
        public Self {
            roles = List.copyOf(roles);
        }
    }

    /**
     * The connections between nodes.
     *
     * @param bind address of the cluster's own ports (Pekko remoting, Hazelcast)
     * @param remotingPort port of Pekko's remoting; 0 lets the system choose
     * @param hazelcastPort port of Hazelcast; 0 lets the system choose
     * @param seeds the first nodes of the cluster
     * @param failureDetection how soon a silent node counts as gone
     * @param protection protection of the traffic between nodes
     */
    public record Network(
            String bind,
            int remotingPort,
            int hazelcastPort,
            Seeds seeds,
            FailureDetection failureDetection,
            Protection protection) {}

    /**
     * What the nodes share.
     *
     * @param partitions number of partitions of the shared maps; the same on all nodes
     * @param passivePorts the pool of passive ports, in order
     * @param ticketRotation time for which a ticket key seals
     * @param maxBans most bans that each member keeps; further ones replace the least recently used
     * @param maxKeptBans most bans that the database keeps; further ones are refused
     * @param wireTypes the node module's records that travel or are stored: registration id (from 200) to class
     */
    public record Shared(
            int partitions,
            List<Integer> passivePorts,
            Duration ticketRotation,
            int maxBans,
            int maxKeptBans,
            Map<Integer, Class<?>> wireTypes) {
        public Shared {
            passivePorts = List.copyOf(passivePorts);
            wireTypes = Map.copyOf(wireTypes);
        }
    }

    /**
     * Operations on shared state.
     *
     * @param timeout longest wait for an operation
     * @param patience longest wait for an operation that may be repeated
     */
    public record Operations(Duration timeout, Duration patience) {
        /**
         * The most starts of an operation that may be repeated: as many timeouts as fit into {@code patience}, rounded
         * up, and at least one.
         */
        public int tries() {
            long each = timeout.toMillis();
            return (int) Math.max(1, (patience.toMillis() + each - 1) / each);
        }
    }

    /**
     * The protection of the traffic between nodes.
     *
     * @param tls files for Pekko's remoting and Hazelcast; null for a single node, which makes a certificate that no
     *     other node trusts
     * @param keyFile the keys that seal values in Hazelcast; null for none
     * @param handshakeTimeout longest TLS handshake of a connection to Hazelcast
     * @param maxHandshakes most TLS handshakes of connections to Hazelcast's port at once; the oldest gives way
     */
    public record Protection(
            @Nullable TlsFiles tls, @Nullable Path keyFile, Duration handshakeTimeout, int maxHandshakes) {
        /** Usual limit of a TLS handshake. */
        public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
        /** Usual number of TLS handshakes at once. */
        public static final int MAX_HANDSHAKES = 64;

        /** Protection with the usual limits. */
        public Protection(@Nullable TlsFiles tls, @Nullable Path keyFile) {
            this(tls, keyFile, HANDSHAKE_TIMEOUT, MAX_HANDSHAKES);
        }
    }

    /**
     * PEM files of mutual TLS.
     *
     * @param ca certificate of the cluster's own authority
     * @param certificate certificate of this node, followed by its chain
     * @param privateKey private key of this node
     */
    public record TlsFiles(Path ca, Path certificate, Path privateKey) {}

    /**
     * The settings of the accounts' database.
     *
     * @param jdbcUrl {@code jdbc:h2:file:…} or {@code jdbc:postgresql:…}; may carry credentials, and is never printed
     * @param maxConnections size of the connection pool
     * @param maxCachedUsers most copies of accounts that each node keeps
     * @param timeout longest wait for an answer
     * @param staleFor greatest age of a copy that logs a user in while the database does not answer
     */
    public record Database(
            String jdbcUrl, int maxConnections, int maxCachedUsers, Duration timeout, Duration staleFor) {
        /** Settings with the usual times: 2.5 s, and copies of up to an hour. */
        public Database(String jdbcUrl, int maxConnections, int maxCachedUsers) {
            this(jdbcUrl, maxConnections, maxCachedUsers, Duration.ofMillis(2_500), Duration.ofHours(1));
        }

        /** Settings of the usual embedded database in {@code directory}. */
        public static Database embedded(Path directory) {
            return new Database(
                    "jdbc:h2:file:" + directory.toAbsolutePath().resolve("users") + ";DB_CLOSE_ON_EXIT=FALSE",
                    4,
                    10_000);
        }

        /**
         * Whether other processes can use the database at the same time. An embedded database belongs to its process,
         * unless its URL says {@code AUTO_SERVER=TRUE}.
         */
        public boolean isShared() {
            return jdbcUrl.startsWith("jdbc:postgresql:")
                    || jdbcUrl.startsWith("jdbc:h2:tcp:")
                    || jdbcUrl.startsWith("jdbc:h2:ssl:")
                    || jdbcUrl.toUpperCase(Locale.ROOT).contains(";AUTO_SERVER=TRUE");
        }

        /** Whether this is the {@link #embedded} database of {@code directory}. */
        public boolean isEmbeddedIn(Path directory) {
            return jdbcUrl.equals(embedded(directory).jdbcUrl);
        }

        @Override
        public String toString() {
            return "Database[***]";
        }
    }
}
