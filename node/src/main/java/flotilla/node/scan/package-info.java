/** Scans of uploads before they are visible: the protocols of scanners, and what follows from their verdicts. */
@NullMarked
package flotilla.node.scan;

import org.jspecify.annotations.NullMarked;
