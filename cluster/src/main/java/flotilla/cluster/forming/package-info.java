/** Finding the first nodes of a cluster, and agreeing on who forms it. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.forming;
