/** Extensions: code of others that a node loads from its class path. */
@NullMarked
package flotilla.ops.extension;

import org.jspecify.annotations.NullMarked;
