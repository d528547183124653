package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The holders of a limit's slots: session id to the id of its member. Changed in place, on its partition's thread only.
 */
public final class Holders extends Stored implements HeldByMembers {
    private final Map<String, UUID> members = new HashMap<>();

    int count() {
        return members.size();
    }

    /** Whether the session {@code holder} has a slot. */
    public boolean holds(String holder) {
        return members.containsKey(holder);
    }

    void add(String holder, UUID member) {
        members.put(holder, member);
    }

    boolean remove(String holder) {
        return members.remove(holder) != null;
    }

    /** Adds the holders of {@code other} when two halves of a split cluster merge. */
    void addAll(Holders other) {
        members.putAll(other.members);
    }

    @Override
    public int drop(UUID member) {
        int before = members.size();
        members.values().removeIf(member::equals);
        return before - members.size();
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public int getClassId() {
        return Factory.HOLDERS;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeInt(members.size());
        for (Map.Entry<String, UUID> each : members.entrySet()) {
            output.writeString(each.getKey());
            writeUuid(output, each.getValue());
        }
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        int size = input.readInt();
        for (int i = 0; i < size; i++) {
            members.put(readText(input), readUuid(input));
        }
    }
}
