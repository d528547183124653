/** What every implementation of the shared state promises. The doubles of other modules' tests are held to it, too. */
@NullMarked
package flotilla.cluster.contract;

import org.jspecify.annotations.NullMarked;
