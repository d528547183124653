/**
 * Starts a node as a member of Pekko's cluster and of Hazelcast's, and composes the shared state. Only this package and
 * the packages below it use Hazelcast.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast;
