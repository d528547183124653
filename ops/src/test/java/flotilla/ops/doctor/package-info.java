@NullMarked
package flotilla.ops.doctor;

import org.jspecify.annotations.NullMarked;
