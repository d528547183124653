/**
 * The first configuration of a server, and of each node of a cluster: {@code flotilla init}, {@code invite} and
 * {@code join}.
 */
@NullMarked
package flotilla.ops.setup;

import org.jspecify.annotations.NullMarked;
