/** Accounts as operators change them. */
@NullMarked
package flotilla.ops.account;

import org.jspecify.annotations.NullMarked;
