/** The serialized form of records: Kryo with fixed ids, tagged components, bounded lengths. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.wire;
