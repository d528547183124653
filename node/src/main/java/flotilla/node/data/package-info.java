@NullMarked
package flotilla.node.data;

import org.jspecify.annotations.NullMarked;
