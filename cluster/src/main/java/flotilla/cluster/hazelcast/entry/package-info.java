/**
 * The entries of Hazelcast's maps: their values, and the steps that change an entry on the member that keeps it.
 * Members of two releases read each other's entries, so the ids of both are never reused.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast.entry;
