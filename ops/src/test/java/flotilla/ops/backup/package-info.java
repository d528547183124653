/** Tests of backups. */
@NullMarked
package flotilla.ops.backup;

import org.jspecify.annotations.NullMarked;
