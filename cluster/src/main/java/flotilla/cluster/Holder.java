package flotilla.cluster;

import java.util.UUID;

/**
 * Who holds something shared: a session, and the member whose end ends the holding. That is the member with the session's control
 * socket: a session may move to another node and keeps what it has, but nothing of it outlives its client's connection.
 *
 * @param session id of the session
 * @param member {@link ClusterNode#memberId} of the node with the control socket
 */
public record Holder(String session, UUID member) {}
