@NullMarked
package flotilla.node.control;

import org.jspecify.annotations.NullMarked;
