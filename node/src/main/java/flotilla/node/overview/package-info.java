/** What a node is doing now, for those who run it: its live sessions and transfers, and the actor that tells and steers. */
@NullMarked
package flotilla.node.overview;

import org.jspecify.annotations.NullMarked;
