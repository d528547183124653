/** Clients of servers, for the command line. */
@NullMarked
package flotilla.ops.client;

import org.jspecify.annotations.NullMarked;
