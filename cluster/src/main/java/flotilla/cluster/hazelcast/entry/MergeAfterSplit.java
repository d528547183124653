package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import flotilla.cluster.Bans.Ban;
import org.jspecify.annotations.Nullable;

/**
 * Merges entries when two halves of a split cluster meet. It keeps the higher epoch of a session, all holders of a
 * limit, the later end of a ban and the newer ticket keys. For everything else it keeps the entry of the larger half.
 */
public final class MergeAfterSplit
        implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object>, IdentifiedDataSerializable {
    @Override
    public Object merge(MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
        Object coming = merging.getDeserializedValue();
        Object present = existing == null ? null : existing.getDeserializedValue();
        return present == null ? coming : choose(coming, present);
    }

    private static Object choose(Object coming, Object present) {
        if (coming instanceof Holders some && present instanceof Holders others) {
            others.addAll(some);
            return others;
        }
        return isNewer(coming, present) ? coming : present;
    }

    private static boolean isNewer(Object coming, Object present) {
        if (coming instanceof StoredSession one && present instanceof StoredSession other) {
            return one.epoch() > other.epoch();
        }
        if (coming instanceof Ban one && present instanceof Ban other) {
            return one.until().isAfter(other.until());
        }
        return coming instanceof TicketRing one
                && present instanceof TicketRing other
                && one.created() > other.created();
    }

    @Override
    public int getFactoryId() {
        return Stored.FACTORY;
    }

    @Override
    public int getClassId() {
        return Factory.MERGE;
    }

    @Override
    public void writeData(ObjectDataOutput output) {}

    @Override
    public void readData(ObjectDataInput input) {}
}
