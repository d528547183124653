/**
 * The present activity of a node, for its operators: the live sessions and transfers, and the actor that reports on
 * them and carries orders out.
 */
@NullMarked
package flotilla.node.overview;

import org.jspecify.annotations.NullMarked;
