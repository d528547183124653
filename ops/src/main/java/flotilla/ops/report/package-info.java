/** What a command has looked at: findings, and how they are shown. */
@NullMarked
package flotilla.ops.report;

import org.jspecify.annotations.NullMarked;
