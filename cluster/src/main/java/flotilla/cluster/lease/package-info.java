/** Which cluster a database or a storage belongs to, so that no second one works on it. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.lease;
