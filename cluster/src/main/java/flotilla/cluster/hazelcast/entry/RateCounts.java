package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** How many transfers of each member share a rate, and when it said so last. Changed in place, on its partition's thread only. */
public final class RateCounts extends Stored implements HeldByMembers {
    private static final long FORGOTTEN_MILLIS = 5_000;

    private record Count(int transfers, long saidAt) {}

    private final Map<UUID, Count> counts = new HashMap<>(4);

    /** Takes a report, forgets members that have not reported for long, and says how many transfers there are. */
    int report(UUID member, int transfers, long now) {
        if (transfers > 0) {
            counts.put(member, new Count(transfers, now));
        } else {
            counts.remove(member);
        }
        // The entry may have come from a member with another clock.
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
