package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts changes of the accounts whose entries this member keeps, so that an answer read before a change is not kept
 * after it. Accounts share {@value #COUNTERS} counters; a change of another account with the same counter only means
 * that a copy is not kept.
 */
public final class AccountVersions {
    private static final int COUNTERS = 4_096;

    /**
     * The last change of an account, as its member counts it. Versions of other members, and of other starts of this
     * one, always differ.
     *
     * @param member random id, new at each start of a member
     * @param changes number of changes
     */
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
