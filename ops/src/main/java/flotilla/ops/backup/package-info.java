/** Backups of a server's configuration, accounts and certificates. */
@NullMarked
package flotilla.ops.backup;

import org.jspecify.annotations.NullMarked;
