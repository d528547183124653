@NullMarked
package flotilla.node.tls;

import org.jspecify.annotations.NullMarked;
