package flotilla.cluster.hazelcast;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.Bans;
import flotilla.cluster.Figures;
import flotilla.cluster.Freezes;
import flotilla.cluster.MountPoint;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.SignIns;
import flotilla.cluster.TicketKeys;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.entry.TicketRing;
import java.util.Map;

/** The wire ids of this module's records and enums. An id is never reused: ids are only added. */
public final class RecordTable {
    private static final Map<Integer, Class<?>> TYPES = Map.ofEntries(
            Map.entry(100, User.class),
            Map.entry(101, PathRule.class),
            Map.entry(102, Permission.class),
            Map.entry(103, User.TlsRequirement.class),
            Map.entry(104, Bans.Ban.class),
            Map.entry(105, TicketKeys.TicketKey.class),
            Map.entry(106, TicketRing.class),
            Map.entry(107, QuotaRecord.class),
            Map.entry(108, NodeBoard.NodeState.class),
            Map.entry(109, QuotaRecord.Hold.class),
            Map.entry(110, MountPoint.class),
            Map.entry(111, Freezes.Freeze.class),
            Map.entry(112, Freezes.Kind.class),
            Map.entry(113, Figures.Minute.class),
            Map.entry(114, Figures.Figure.class),
            Map.entry(120, AlertBoard.Reading.class),
            Map.entry(121, AlertBoard.NodeReadings.class),
            Map.entry(122, AlertBoard.Alert.class),
            Map.entry(123, SignIns.SignIn.class));

    private RecordTable() {}

    /** The classes by id, from 100 to 199. */
    public static Map<Integer, Class<?>> types() {
        return TYPES;
    }
}
