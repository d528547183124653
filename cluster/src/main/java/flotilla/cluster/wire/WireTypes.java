package flotilla.cluster.wire;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which classes travel or are stored, each under an id that is never reused: 100 to 199 for this module, from 200 for
 * others. Records and enums only. The caller hands the classes in.
 */
public final class WireTypes {
    /** Ids below this one are this module's. */
    public static final int FIRST_FOREIGN_ID = 200;

    private static final int FIRST_ID = 100;
    private static final int LAST_ID = 9_999;

    private final SortedMap<Integer, Class<?>> byId;

    private WireTypes(SortedMap<Integer, Class<?>> byId) {
        this.byId = byId;
    }

    /**
     * The types of this module and those of others.
     *
     * @throws IllegalArgumentException when an id is out of range, or a type has two ids or is neither a record nor an enum
     */
    public static WireTypes of(Map<Integer, Class<?>> own, Map<Integer, Class<?>> foreign) {
        SortedMap<Integer, Class<?>> all = new TreeMap<>();
        Set<Class<?>> seen = new HashSet<>();
        own.forEach((id, type) -> {
            requireUsable(id, type, FIRST_ID, FIRST_FOREIGN_ID - 1, seen);
            all.put(id, type);
        });
        foreign.forEach((id, type) -> {
            requireUsable(id, type, FIRST_FOREIGN_ID, LAST_ID, seen);
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

    private static void requireUsable(int id, Class<?> type, int first, int last, Set<Class<?>> seen) {
        if (id < first || id > last) {
            throw new IllegalArgumentException(type.getName() + ": wire id " + id + " is out of range");
        }
        if (!seen.add(type)) {
            throw new IllegalArgumentException(type.getName() + " has two wire ids");
        }
        if (!type.isRecord() && !type.isEnum()) {
            throw new IllegalArgumentException(type.getName() + " is neither a record nor an enum");
        }
    }
}
