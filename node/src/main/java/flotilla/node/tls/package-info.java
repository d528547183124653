/** TLS for servers: engines, certificates, tickets, and the resumption of sessions. */
@NullMarked
package flotilla.node.tls;

import org.jspecify.annotations.NullMarked;
