/** Reads JSON of others strictly. */
@NullMarked
package flotilla.ops.json;

import org.jspecify.annotations.NullMarked;
