/** What the node counts, for Prometheus. The only package that knows Micrometer. */
@NullMarked
package flotilla.ops.metrics;

import org.jspecify.annotations.NullMarked;
