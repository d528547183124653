/** One FTPS node: its start, its drain, and the composition of its parts. */
@org.jspecify.annotations.NullMarked
package flotilla.node;
