@NullMarked
package flotilla.node.transfer;

import org.jspecify.annotations.NullMarked;
