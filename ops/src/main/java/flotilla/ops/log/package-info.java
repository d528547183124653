/** The logs of a node, and the messages of its process. */
@NullMarked
package flotilla.ops.log;

import org.jspecify.annotations.NullMarked;
