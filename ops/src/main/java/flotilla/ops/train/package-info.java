/** Training: real traffic for a server whose JVM records the classes and methods in use. */
@NullMarked
package flotilla.ops.train;

import org.jspecify.annotations.NullMarked;
