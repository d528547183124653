/** Control connections: listeners, admission, sockets, TLS, and the way to sessions. */
@NullMarked
package flotilla.node.control;

import org.jspecify.annotations.NullMarked;
