package flotilla.node.refusal;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.time.Instant;

/**
 * Something that a node refused or ended, as it is kept for operators.
 *
 * @param node name of the node
 * @param cause name of the cause, as {@link Causes} has it
 * @param user name of the user; the beginning and an ellipsis for a name that no account may have, because a password may
 *     have been typed in its place; empty for none
 * @param address text of the client's address; empty when it is not known
 * @param session id of the session; empty for none
 * @param what the command or the transfer, such as {@code STOR /in/a.csv}; empty for none
 * @param detail further words for the operator, without secrets; may be empty
 * @param code of the reply to the client; 0 when none is known
 */
public record Refusal(
        @Tag(1) Instant time,
        @Tag(2) String node,
        @Tag(3) String cause,
        @Tag(4) String user,
        @Tag(5) String address,
        @Tag(6) String session,
        @Tag(7) String what,
        @Tag(8) String detail,
        @Tag(9) int code)
        implements Wire {

    /** The same with another name of the user. */
    Refusal of(String name) {
        return new Refusal(time, node, cause, name, address, session, what, detail, code);
    }
}
