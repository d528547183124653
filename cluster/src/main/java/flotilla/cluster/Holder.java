package flotilla.cluster;

import java.util.UUID;

/**
 * The holder of something shared: a session, and the member with the session's control socket. A session may move to
 * another node and keeps its holdings. When the member ends, the control connection ends, and so do the holdings.
 */
public record Holder(String session, UUID member) {}
