/** Hooks: code of others that is told what happens on a node. */
@NullMarked
package flotilla.ops.hook;

import org.jspecify.annotations.NullMarked;
