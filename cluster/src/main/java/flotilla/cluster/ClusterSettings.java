package flotilla.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What forming a cluster needs to know.
 *
 * @param nodeName unique in the cluster
 * @param roles Pekko roles of this node
 * @param bind address of the cluster's own ports (Pekko remoting, Hazelcast)
 * @param remotingPort 0 lets the system choose
 * @param hazelcastPort 0 lets the system choose
 * @param seeds where the first nodes are found
 * @param failureDetection how soon a silent node counts as gone
 * @param partitions that shared entries are spread over; the same on all nodes
 * @param appVersion version for rolling upgrades
 * @param passivePorts the pool, in order
 * @param ticketRotation how long a ticket key seals
 * @param maxBans most bans for each member of the cluster; beyond them older ones give way
 * @param database where accounts are kept
 * @param wireTypes registration id (from 200) to class, of records that travel or are stored for the node module
 * @param operationTimeout longest wait for a shared-state operation
 * @param operationPatience longest wait for one that may be repeated
 * @param leases how the cluster keeps what it shares from other clusters
 * @param protection how the traffic between nodes is protected
 */
public record ClusterSettings(
        String nodeName,
        List<String> roles,
        String bind,
        int remotingPort,
        int hazelcastPort,
        Seeds seeds,
        FailureDetection failureDetection,
        int partitions,
        String appVersion,
        List<Integer> passivePorts,
        Duration ticketRotation,
        int maxBans,
        Database database,
        Map<Integer, Class<?>> wireTypes,
        Duration operationTimeout,
        Duration operationPatience,
        LeaseTimes leases,
        Protection protection) {

    /** How often an operation that may be repeated is started within {@code operationPatience}, at most; at least once. */
    public int operationTries() {
        long each = operationTimeout.toMillis();
        return (int) Math.max(1, (operationPatience.toMillis() + each - 1) / each);
    }

    /**
     * How the traffic between nodes is protected.
     *
     * @param tls of Pekko's remoting and Hazelcast's members; null for a node by itself, which makes a certificate that nobody else knows
     * @param keyFile with the keys that seal what is shared through Hazelcast; null for none
     * @param handshakeTimeout how long a TLS handshake of Hazelcast's may take
     * @param maxHandshakes of connections to Hazelcast's port that may be under way at once; the oldest gives way
     */
    public record Protection(
            @Nullable TlsFiles tls, @Nullable Path keyFile, Duration handshakeTimeout, int maxHandshakes) {
        public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
        public static final int MAX_HANDSHAKES = 64;

        /** The usual limits. */
        public Protection(@Nullable TlsFiles tls, @Nullable Path keyFile) {
            this(tls, keyFile, HANDSHAKE_TIMEOUT, MAX_HANDSHAKES);
        }
    }

    /** PEM files of mutual TLS. @param ca the cluster's own authority @param certificate of this node, its chain after it */
    public record TlsFiles(Path ca, Path certificate, Path privateKey) {}

    /**
     * The accounts' database.
     *
     * @param jdbcUrl {@code jdbc:h2:file:…} or {@code jdbc:postgresql:…}; may carry credentials, never printed
     * @param maxConnections size of the connection pool
     * @param maxCachedUsers accounts kept in memory for a node
     * @param timeout how long it may take to answer
     * @param staleFor how old a copy of an account may be that logs a user in while the database does not answer
     */
    public record Database(
            String jdbcUrl, int maxConnections, int maxCachedUsers, Duration timeout, Duration staleFor) {
        /** With the usual times. */
        public Database(String jdbcUrl, int maxConnections, int maxCachedUsers) {
            this(jdbcUrl, maxConnections, maxCachedUsers, Duration.ofMillis(2_500), Duration.ofHours(1));
        }

        /** The usual embedded database in {@code directory}. */
        public static Database embedded(Path directory) {
            return new Database(
                    "jdbc:h2:file:" + directory.toAbsolutePath().resolve("users") + ";DB_CLOSE_ON_EXIT=FALSE",
                    4,
                    10_000);
        }

        /** Whether other processes can use it at the same time. An embedded one is its process's own, unless its file can serve others, too. */
        public boolean isShared() {
            return jdbcUrl.startsWith("jdbc:postgresql:")
                    || jdbcUrl.startsWith("jdbc:h2:tcp:")
                    || jdbcUrl.startsWith("jdbc:h2:ssl:")
                    || jdbcUrl.toUpperCase(Locale.ROOT).contains(";AUTO_SERVER=TRUE");
        }

        /** Whether this is the database that a single node makes for itself in {@code directory}. */
        public boolean isEmbeddedIn(Path directory) {
            return jdbcUrl.equals(embedded(directory).jdbcUrl);
        }

        @Override
        public String toString() {
            return "Database[***]";
        }
    }

    public ClusterSettings {
        roles = List.copyOf(roles);
        passivePorts = List.copyOf(passivePorts);
        wireTypes = Map.copyOf(wireTypes);
    }
}
