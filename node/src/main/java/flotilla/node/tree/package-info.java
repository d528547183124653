@NullMarked
package flotilla.node.tree;

import org.jspecify.annotations.NullMarked;
