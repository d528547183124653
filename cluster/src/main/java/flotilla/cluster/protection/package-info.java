/**
 * The protection of the traffic and the values that nodes share: TLS between nodes, the cluster's key, sealed values.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.protection;
