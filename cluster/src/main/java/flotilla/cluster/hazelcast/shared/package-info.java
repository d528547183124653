/**
 * The shared state of the nodes on Hazelcast's maps. Stages complete on the caller's thread where that runs an actor.
 * Otherwise they may complete on a thread of Hazelcast, so a caller must not block in a step that it chains to them.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast.shared;
