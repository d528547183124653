/** The admin API: HTTP and JSON, behind tokens, on every node for the whole cluster. */
@NullMarked
package flotilla.ops.admin;

import org.jspecify.annotations.NullMarked;
