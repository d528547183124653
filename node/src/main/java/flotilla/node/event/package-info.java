/** The events of a node, for logs and metrics. */
@NullMarked
package flotilla.node.event;

import org.jspecify.annotations.NullMarked;
