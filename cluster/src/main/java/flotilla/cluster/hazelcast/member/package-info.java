/**
 * This node's Hazelcast: its configuration, its discovery of other members, and the watch over members that have died
 * or hang.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast.member;
