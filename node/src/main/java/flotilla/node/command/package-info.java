/** The commands of the protocol, one class for each verb, as functions from a request and a session to an outcome. */
@NullMarked
package flotilla.node.command;

import org.jspecify.annotations.NullMarked;
