/** The messages between the actors of a session. All of them may travel between nodes. */
@NullMarked
package flotilla.node.message;

import org.jspecify.annotations.NullMarked;
