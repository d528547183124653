/**
 * The entries of Hazelcast's maps: the values, and the steps that change an entry on the member that keeps it. The ids of both are never
 * reused: members of two releases read each other's entries.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast.entry;
