/** Composes and runs a server: its member of the cluster, the node, its logs, and its listeners for operators. */
@NullMarked
package flotilla.ops.server;

import org.jspecify.annotations.NullMarked;
