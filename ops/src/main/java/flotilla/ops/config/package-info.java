@NullMarked
package flotilla.ops.config;

import org.jspecify.annotations.NullMarked;
