package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The number of transfers that share a rate, for each member, and when the member reported it. Changed in place, on its
 * partition's thread only.
 */
public final class RateCounts extends Stored implements HeldByMembers {
    private static final long FORGOTTEN_MILLIS = 5_000;

    private record Count(int transfers, long saidAt) {}

    private final Map<UUID, Count> counts = new HashMap<>(4);

    /**
     * Takes a member's report, and forgets members whose last report is older than 5 s.
     *
     * @param transfers number of the member's transfers; 0 for none
     * @param now milliseconds of the epoch
     * @return the number of transfers of all members
     */
    int report(UUID member, int transfers, long now) {
        if (transfers > 0) {
            counts.put(member, new Count(transfers, now));
        } else {
            counts.remove(member);
        }
        // The entry may come from a member whose clock differs.
        counts.values().removeIf(count -> Math.abs(now - count.saidAt) > FORGOTTEN_MILLIS);
        return counts.values().stream().mapToInt(Count::transfers).sum();
    }

    @Override
    public int drop(UUID member) {
        Count dropped = counts.remove(member);
        return dropped == null ? 0 : dropped.transfers;
    }

    @Override
    public boolean isEmpty() {
        return counts.isEmpty();
    }

    @Override
    public int getClassId() {
        return Factory.RATE_COUNTS;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeInt(counts.size());
        for (Map.Entry<UUID, Count> each : counts.entrySet()) {
            writeUuid(output, each.getKey());
            output.writeInt(each.getValue().transfers);
            output.writeLong(each.getValue().saidAt);
        }
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        int size = input.readInt();
        for (int i = 0; i < size; i++) {
            counts.put(readUuid(input), new Count(input.readInt(), input.readLong()));
        }
    }
}
