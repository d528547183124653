/** Translates configurations of other servers. */
@NullMarked
package flotilla.ops.migrate;

import org.jspecify.annotations.NullMarked;
