package flotilla.node.trace;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.time.Instant;

/**
 * A command of a traced client and its reply, without passwords.
 *
 * @param number grows with each line of a node, also over its restarts
 * @param node name of the node of the session
 * @param code of the reply
 */
public record TraceLine(
        @Tag(1) long number,
        @Tag(2) Instant time,
        @Tag(3) String node,
        @Tag(4) String session,
        @Tag(5) String user,
        @Tag(6) String address,
        @Tag(7) String request,
        @Tag(8) int code,
        @Tag(9) String reply)
        implements Wire {}
