package flotilla.cluster.wire;

import flotilla.cluster.Bans;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.TicketKeys;
import flotilla.cluster.User;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which classes travel or are stored, each under an id that is never reused: 100 to 199 for this module, from 200 for
 * others. Records and enums only.
 */
public final class WireTypes {
    /** Ids below this one are this module's. */
    public static final int FIRST_FOREIGN_ID = 200;

    private static final int LAST_ID = 9_999;

    private static final Map<Integer, Class<?>> OWN = Map.of(
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

    private final SortedMap<Integer, Class<?>> byId;

    private WireTypes(SortedMap<Integer, Class<?>> byId) {
        this.byId = byId;
    }

    /** This module's types and {@code foreign} ones. */
    public static WireTypes with(Map<Integer, Class<?>> foreign) {
        SortedMap<Integer, Class<?>> all = new TreeMap<>(OWN);
        Set<Class<?>> seen = new HashSet<>(OWN.values());
        foreign.forEach((id, type) -> {
            if (id < FIRST_FOREIGN_ID || id > LAST_ID) {
                throw new IllegalArgumentException(type.getName() + ": wire id " + id + " is out of range");
            }
            if (!seen.add(type)) {
                throw new IllegalArgumentException(type.getName() + " has two wire ids");
            }
            requireSupported(type);
            all.put(id, type);
        });
        return new WireTypes(Collections.unmodifiableSortedMap(all));
    }

    /** All of them, by id. */
    public SortedMap<Integer, Class<?>> byId() {
        return byId;
    }

    boolean contains(Class<?> type) {
        return byId.containsValue(type);
    }

    private static void requireSupported(Class<?> type) {
        if (!type.isRecord() && !type.isEnum()) {
            throw new IllegalArgumentException(type.getName() + " is neither a record nor an enum");
        }
    }
}
