/** Logins: the check of passwords and certificates, and the limits of guesses. */
@NullMarked
package flotilla.node.auth;

import org.jspecify.annotations.NullMarked;
