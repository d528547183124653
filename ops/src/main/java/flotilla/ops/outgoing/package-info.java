/** The one door for HTTP requests and programs with which a node tells others something. */
@NullMarked
package flotilla.ops.outgoing;

import org.jspecify.annotations.NullMarked;
