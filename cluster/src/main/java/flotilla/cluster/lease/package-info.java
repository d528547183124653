/** The cluster that a database or a storage belongs to, so that no second cluster works on it. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.lease;
