/** What was refused on this node lately, and why. */
@org.jspecify.annotations.NullMarked
package flotilla.node.refusal;
