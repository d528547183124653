/** What this node counts in each minute. */
@org.jspecify.annotations.NullMarked
package flotilla.node.figures;
