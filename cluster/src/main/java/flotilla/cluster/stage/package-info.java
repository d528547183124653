/**
 * The ways in which callers wait for shared state: deadlines, repeated operations, and releases that finish first. Also
 * one thread for periodic work.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.stage;
