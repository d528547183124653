/** A backend in memory, for tests. */
@org.jspecify.annotations.NullMarked
package flotilla.storage.memory;
