/** The commands and replies of traced clients, kept for those who follow them live. */
@org.jspecify.annotations.NullMarked
package flotilla.node.trace;
