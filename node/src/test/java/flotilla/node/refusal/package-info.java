/** Tests of what was refused. */
@org.jspecify.annotations.NullMarked
package flotilla.node.refusal;
