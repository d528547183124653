/** The changes that operators make to accounts. */
@NullMarked
package flotilla.ops.account;

import org.jspecify.annotations.NullMarked;
