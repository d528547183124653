/** Writes configurations of balancers from the configuration of the nodes behind them. */
@NullMarked
package flotilla.ops.balancer;

import org.jspecify.annotations.NullMarked;
