/** Events for programs outside: rules that choose them, the way into the outbox, and the delivery to targets. */
@NullMarked
package flotilla.ops.event;

import org.jspecify.annotations.NullMarked;
