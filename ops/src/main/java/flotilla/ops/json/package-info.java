/** Reads JSON from outside strictly. */
@NullMarked
package flotilla.ops.json;

import org.jspecify.annotations.NullMarked;
