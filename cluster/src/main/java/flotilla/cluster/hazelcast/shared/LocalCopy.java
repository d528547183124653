package flotilla.cluster.hazelcast.shared;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryEvictedListener;
import com.hazelcast.map.listener.EntryExpiredListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A copy of all entries of a small map in this node's memory. Events of the map keep it up to date. It serves look-ups
 * that every connection or command makes.
 */
final class LocalCopy<V>
        implements EntryAddedListener<String, V>,
                EntryUpdatedListener<String, V>,
                EntryRemovedListener<String, V>,
                EntryExpiredListener<String, V>,
                EntryEvictedListener<String, V> {
    private final IMap<String, V> map;
    private final Map<String, V> here = new ConcurrentHashMap<>();

    private LocalCopy(IMap<String, V> map) {
        this.map = map;
    }

    /**
     * Makes an empty copy that follows the changes of the map from now on. {@link #refresh} fetches the entries that
     * exist already.
     */
    static <V> LocalCopy<V> of(IMap<String, V> map) {
        LocalCopy<V> copy = new LocalCopy<>(map);
        map.addEntryListener(copy, true);
        return copy;
    }

    /** Replaces the copy with all entries of the map. Blocks. */
    void refresh() {
        Map<String, V> all = map.getAll(map.keySet());
        here.keySet().retainAll(all.keySet());
        here.putAll(all);
    }

    /**
     * The live entries of the copy. A caller that has changed the map may make the same change here, so that it sees
     * its own change at once.
     */
    Map<String, V> entries() {
        return here;
    }

    @Override
    public void entryAdded(EntryEvent<String, V> event) {
        here.put(event.getKey(), event.getValue());
    }

    @Override
    public void entryUpdated(EntryEvent<String, V> event) {
        here.put(event.getKey(), event.getValue());
    }

    @Override
    public void entryRemoved(EntryEvent<String, V> event) {
        here.remove(event.getKey());
    }

    @Override
    public void entryEvicted(EntryEvent<String, V> event) {
        here.remove(event.getKey());
    }

    @Override
    public void entryExpired(EntryEvent<String, V> event) {
        here.remove(event.getKey());
    }
}
