/** A look at an FTPS server from outside, as a client sees it. The server may be any. */
@NullMarked
package flotilla.ops.probe;

import org.jspecify.annotations.NullMarked;
