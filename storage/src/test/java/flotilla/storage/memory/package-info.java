/** A backend in memory, for tests and demonstrations. */
@org.jspecify.annotations.NullMarked
package flotilla.storage.memory;
