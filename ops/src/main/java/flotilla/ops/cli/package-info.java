@NullMarked
package flotilla.ops.cli;

import org.jspecify.annotations.NullMarked;
