/** A look at this machine and the configuration of its server: what will hurt, and the remedy. */
@NullMarked
package flotilla.ops.doctor;

import org.jspecify.annotations.NullMarked;
