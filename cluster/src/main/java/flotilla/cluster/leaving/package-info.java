/** Who leaves a cluster whose members do not all hear each other: rules alone, without a network. */
@NullMarked
package flotilla.cluster.leaving;

import org.jspecify.annotations.NullMarked;
