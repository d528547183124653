/** The orders for transfers, and their results. */
@NullMarked
package flotilla.node.transfer;

import org.jspecify.annotations.NullMarked;
