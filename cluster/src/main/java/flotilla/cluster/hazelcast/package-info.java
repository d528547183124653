/**
 * Starts a node as a member of Pekko's cluster and of Hazelcast's, and puts together what nodes share. Hazelcast is used in this package and
 * those below it only.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast;
