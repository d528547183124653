/** Scans of uploads. */
@NullMarked
package flotilla.node.scan;

import org.jspecify.annotations.NullMarked;
