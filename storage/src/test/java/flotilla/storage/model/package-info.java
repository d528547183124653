/** Random sequences of operations, compared with what clients may believe after each of them. */
@NullMarked
package flotilla.storage.model;

import org.jspecify.annotations.NullMarked;
