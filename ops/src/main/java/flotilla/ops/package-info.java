/** Operations: the command line, and the server process around a node. */
@org.jspecify.annotations.NullMarked
package flotilla.ops;
