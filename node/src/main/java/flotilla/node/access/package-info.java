/** Lists of names and of addresses in files, which say who may log in and who may connect. */
@NullMarked
package flotilla.node.access;

import org.jspecify.annotations.NullMarked;
