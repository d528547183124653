/** Training: real traffic for a server whose JVM records what it loads and what runs hot. */
@NullMarked
package flotilla.ops.train;

import org.jspecify.annotations.NullMarked;
