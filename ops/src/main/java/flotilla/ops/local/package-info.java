/** Files of the data directory by which programs on this machine find a server. */
@NullMarked
package flotilla.ops.local;

import org.jspecify.annotations.NullMarked;
