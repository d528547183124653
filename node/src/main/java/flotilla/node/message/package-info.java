/** What the actors of a session tell each other. All of it may travel between nodes. */
@NullMarked
package flotilla.node.message;

import org.jspecify.annotations.NullMarked;
