package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the changes of the accounts whose entries are on this member, so that what was read before a change is not kept after it. Accounts
 * share counters: a change of another one only means that a copy is not kept.
 */
public final class AccountVersions {
    private static final int COUNTERS = 4_096;

    /** Which change was the last one. Another member, or the same one started anew, never has the same. */
    public record Version(UUID member, long changes) {
        void write(ObjectDataOutput output) throws IOException {
            Stored.writeUuid(output, member);
            output.writeLong(changes);
        }

        static Version read(ObjectDataInput input) throws IOException {
            return new Version(Stored.readUuid(input), input.readLong());
        }
    }

    private final UUID member = UUID.randomUUID();
    private final AtomicLongArray changes = new AtomicLongArray(COUNTERS);

    Version of(String name) {
        return new Version(member, changes.get(counter(name)));
    }

    void changed(String name) {
        changes.incrementAndGet(counter(name));
    }

    private static int counter(String name) {
        return Math.floorMod(name.hashCode(), COUNTERS);
    }
}
