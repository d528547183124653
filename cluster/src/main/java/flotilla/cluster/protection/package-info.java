/** How nodes know each other and keep what they share from others: TLS between nodes, sealed values. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.protection;
