/** Compares random sequences of operations with the files that clients may expect after each step. */
@NullMarked
package flotilla.storage.model;

import org.jspecify.annotations.NullMarked;
