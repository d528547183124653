/** Data connections: passive ports, leases, handshakes, and the transfer of bytes. */
@NullMarked
package flotilla.node.data;

import org.jspecify.annotations.NullMarked;
