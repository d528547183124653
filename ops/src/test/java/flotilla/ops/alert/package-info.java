@NullMarked
package flotilla.ops.alert;

import org.jspecify.annotations.NullMarked;
