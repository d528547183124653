package flotilla.cluster.hazelcast;

import flotilla.cluster.Bans;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.TicketKeys;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.entry.TicketRing;
import java.util.Map;

/** The wire ids of this module's records and enums. An id is never reused: ids are only added. */
public final class RecordTable {
    private static final Map<Integer, Class<?>> TYPES = Map.of(
            100, User.class,
            101, PathRule.class,
            102, Permission.class,
            103, User.TlsRequirement.class,
            104, Bans.Ban.class,
            105, TicketKeys.TicketKey.class,
            106, TicketRing.class,
            107, QuotaRecord.class,
            108, NodeBoard.NodeState.class,
            109, QuotaRecord.Hold.class);

    private RecordTable() {}

    /** The classes by id, from 100 to 199. */
    public static Map<Integer, Class<?>> types() {
        return TYPES;
    }
}
