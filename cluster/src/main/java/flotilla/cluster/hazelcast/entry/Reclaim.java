package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Releases everything that a lost member held in an entry. Answers the number of released parts, or null for none.
 *
 * @param <V> the entry's value
 */
public final class Reclaim<V extends HeldByMembers> extends Processor<V, Integer> {
    private UUID member;

    Reclaim() {
        this(NOBODY);
    }

    /** Releases the parts of {@code member}. */
    public Reclaim(UUID member) {
        this.member = member;
    }

    @Override
    public @Nullable Integer process(Map.Entry<String, V> entry) {
        V held = valueOf(entry);
        if (held == null) {
            return null;
        }
        int dropped = held.drop(member);
        if (dropped == 0) {
            return null;
        }
        if (held.isEmpty()) {
            remove(entry);
        } else {
            entry.setValue(held);
        }
        return dropped;
    }

    @Override
    public int getClassId() {
        return Factory.RECLAIM;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        writeUuid(output, member);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        member = readUuid(input);
    }
}
