@NullMarked
package flotilla.node.session;

import org.jspecify.annotations.NullMarked;
