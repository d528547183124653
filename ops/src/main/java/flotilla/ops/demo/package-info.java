/** A cluster on one machine to look at: three nodes, a balancer, one database. */
@NullMarked
package flotilla.ops.demo;

import org.jspecify.annotations.NullMarked;
