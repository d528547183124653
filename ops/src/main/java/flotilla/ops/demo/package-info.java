/** A demonstration: three nodes, a balancer and a database on one machine. */
@NullMarked
package flotilla.ops.demo;

import org.jspecify.annotations.NullMarked;
