/** The metrics of a node, for Prometheus. No other package uses Micrometer. */
@NullMarked
package flotilla.ops.metrics;

import org.jspecify.annotations.NullMarked;
