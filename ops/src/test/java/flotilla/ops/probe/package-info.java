@NullMarked
package flotilla.ops.probe;

import org.jspecify.annotations.NullMarked;
