/** The rules by which members leave a cluster when not all of them hear each other. They use no network. */
@NullMarked
package flotilla.cluster.leaving;

import org.jspecify.annotations.NullMarked;
