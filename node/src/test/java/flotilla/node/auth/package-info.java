@NullMarked
package flotilla.node.auth;

import org.jspecify.annotations.NullMarked;
