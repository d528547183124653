/** The live view of {@code flotilla top}: what is asked for, what is shown, and what the keys do. */
@org.jspecify.annotations.NullMarked
package flotilla.ops.top;
