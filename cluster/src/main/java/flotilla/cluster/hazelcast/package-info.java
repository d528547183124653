/**
 * The one door to Hazelcast. Stages complete on Hazelcast's own threads, so callers must not block in what they chain to
 * them: tell an actor, or hand over to an executor.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast;
