@NullMarked
package flotilla.ops.log;

import org.jspecify.annotations.NullMarked;
