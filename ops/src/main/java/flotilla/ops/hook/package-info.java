/** Hooks: code of others that receives the events of a node. */
@NullMarked
package flotilla.ops.hook;

import org.jspecify.annotations.NullMarked;
