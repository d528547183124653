@NullMarked
package flotilla.ops.local;

import org.jspecify.annotations.NullMarked;
