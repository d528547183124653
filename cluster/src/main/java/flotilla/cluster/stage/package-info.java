/** How callers wait for shared state: deadlines, repeated operations, releases that finish first, and one thread for periodic work. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.stage;
