package flotilla.cluster.wire;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The table of the classes that travel or are stored: records and enums only, each under an id that is never reused.
 * Ids from 100 to 199 are this module's, ids from 200 those of others. The caller passes the classes.
 */
public final class WireTypes {
    /** Lowest id of other modules. */
    public static final int FIRST_FOREIGN_ID = 200;

    private static final int FIRST_ID = 100;
    private static final int LAST_ID = 9_999;

    private final SortedMap<Integer, Class<?>> byId;

    private WireTypes(SortedMap<Integer, Class<?>> byId) {
        this.byId = byId;
    }

    /**
     * Makes a table.
     *
     * @param own this module's types by id
     * @param foreign other modules' types by id
     * @throws IllegalArgumentException when an id is out of range, or a type has two ids or is neither a record nor an
     *     enum
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

    /** All types, by id. */
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
