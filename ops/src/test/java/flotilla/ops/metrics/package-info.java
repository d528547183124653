@NullMarked
package flotilla.ops.metrics;

import org.jspecify.annotations.NullMarked;
