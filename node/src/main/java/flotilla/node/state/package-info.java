@NullMarked
package flotilla.node.state;

import org.jspecify.annotations.NullMarked;
