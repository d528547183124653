/** Where sessions live: ids that name a shard, shards on the node that asked first. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.placement;
