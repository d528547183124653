/** A backend on a directory of the local file system. */
@org.jspecify.annotations.NullMarked
package flotilla.storage.local;
