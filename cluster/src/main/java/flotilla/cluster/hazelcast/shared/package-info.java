/**
 * What nodes share, on Hazelcast's maps. The caller's own thread completes the stages where it is an actor's; the other threads that complete
 * them are Hazelcast's, so callers must not block in what they chain to them.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast.shared;
