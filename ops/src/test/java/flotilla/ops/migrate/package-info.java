/** Tests of translations. */
@NullMarked
package flotilla.ops.migrate;

import org.jspecify.annotations.NullMarked;
