/** The accounts' database, usable without a cluster. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.accounts;
