@NullMarked
package flotilla.node.command;

import org.jspecify.annotations.NullMarked;
