@NullMarked
package flotilla.node.protocol;

import org.jspecify.annotations.NullMarked;
