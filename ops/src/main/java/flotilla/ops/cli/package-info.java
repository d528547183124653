/** The command line: parses options, asks the server and prints answers. */
@NullMarked
package flotilla.ops.cli;

import org.jspecify.annotations.NullMarked;
