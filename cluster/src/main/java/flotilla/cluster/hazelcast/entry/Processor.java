package flotilla.cluster.hazelcast.entry;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A step on one entry. It runs on the member that keeps the entry, and again on the backup. Running it twice must do no
 * harm.
 *
 * @param <V> the entry's value
 * @param <R> the answer
 */
public abstract class Processor<V, R> extends Stored implements EntryProcessor<String, V, R> {
    /** Stands for no member. */
    public static final UUID NOBODY = new UUID(0, 0);

    @Override
    public abstract @Nullable R process(Map.Entry<String, V> entry);

    /** The entry's value, or null. */
    static <V> @Nullable V valueOf(Map.Entry<String, V> entry) {
        return entry.getValue();
    }

    @SuppressWarnings("NullAway") // null removes the entry
    static void remove(Map.Entry<?, ?> entry) {
        entry.setValue(null);
    }
}
