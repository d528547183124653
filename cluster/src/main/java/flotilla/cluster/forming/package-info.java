/**
 * A node as a member of Pekko's cluster. It finds the first nodes, agrees on the one that forms the cluster, joins, and
 * knows which members are alive. This package does not use Hazelcast.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.forming;
