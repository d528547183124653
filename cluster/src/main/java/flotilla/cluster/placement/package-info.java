/** The places of sessions: ids that name a shard, and the allocation of shards to nodes. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.placement;
