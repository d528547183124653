/** The configuration: reads it, checks it, and makes the settings of all parts. */
@NullMarked
package flotilla.ops.config;

import org.jspecify.annotations.NullMarked;
