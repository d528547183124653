/** The texts of the protocol: lines, requests, replies, facts, listings, addresses. */
@NullMarked
package flotilla.node.protocol;

import org.jspecify.annotations.NullMarked;
