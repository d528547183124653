/** The state of a session, in immutable records. */
@NullMarked
package flotilla.node.state;

import org.jspecify.annotations.NullMarked;
