/**
 * The console: pages for operators' browsers, on every node for the whole cluster. What a page changes goes through the
 * API, so roles, checks and audit records are the same.
 */
@NullMarked
package flotilla.ops.console;

import org.jspecify.annotations.NullMarked;
