/** The sessions: one actor for each client, with its commands, logins, data endpoint and transfers. */
@NullMarked
package flotilla.node.session;

import org.jspecify.annotations.NullMarked;
