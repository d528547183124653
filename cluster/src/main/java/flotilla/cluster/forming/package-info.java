/**
 * A node as a member of Pekko's cluster: finding the first nodes, agreeing on which one forms the cluster, joining, and knowing which members
 * are alive. Nothing here knows Hazelcast.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.forming;
