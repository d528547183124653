/** Tests of the figures of minutes. */
@org.jspecify.annotations.NullMarked
package flotilla.node.figures;
