/** Composes and runs a server: the cluster's member, the node, its logs, and the ways by which operators reach it. */
@NullMarked
package flotilla.ops.server;

import org.jspecify.annotations.NullMarked;
