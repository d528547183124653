@NullMarked
package flotilla.node.event;

import org.jspecify.annotations.NullMarked;
