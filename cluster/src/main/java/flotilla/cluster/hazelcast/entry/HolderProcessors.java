package flotilla.cluster.hazelcast.entry;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The steps on the holders of a limit. */
public final class HolderProcessors {
    private HolderProcessors() {}

    /**
     * Adds a holder unless the limit is reached. Answers whether the holder has a slot. A holder that has moved belongs
     * to its new member from then on.
     */
    public static final class Acquire extends Processor<Holders, Boolean> {
        private String holder = "";
        private UUID member = NOBODY;
        private int max;
        private Set<UUID> gone = Set.of();

        Acquire() {}

        /**
         * Makes the step.
         *
         * @param holder id of the session
         * @param member id of the member with the session's control socket
         * @param max most holders; 0 for no limit
         * @param gone members whose slots count as free
         */
        public Acquire(String holder, UUID member, int max, Set<UUID> gone) {
            this.holder = holder;
            this.member = member;
            this.max = max;
            this.gone = gone;
        }

        @Override
        public Boolean process(Map.Entry<String, Holders> entry) {
            Holders present = valueOf(entry);
            Holders holders = present == null ? new Holders() : present;
            if (isFull(holders)) {
                gone.forEach(holders::drop); // visits every holder, so only if the limit is reached
                if (isFull(holders)) {
                    return false;
                }
            }
            holders.add(holder, member);
            entry.setValue(holders);
            return true;
        }

        private boolean isFull(Holders holders) {
            return max > 0 && holders.count() >= max && !holders.holds(holder);
        }

        @Override
        public int getClassId() {
            return Factory.ACQUIRE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeString(holder);
            writeUuid(output, member);
            output.writeInt(max);
            output.writeInt(gone.size());
            for (UUID each : gone) {
                writeUuid(output, each);
            }
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            holder = readText(input);
            member = readUuid(input);
            max = input.readInt();
            Set<UUID> read = new HashSet<>();
            for (int left = input.readInt(); left > 0; left--) {
                read.add(readUuid(input));
            }
            gone = read;
        }
    }

    /** Removes a holder. Answers whether it had a slot. */
    public static final class Release extends Processor<Holders, Boolean> {
        private String holder;

        Release() {
            this("");
        }

        /** Removes the session {@code holder}. */
        public Release(String holder) {
            this.holder = holder;
        }

        @Override
        public Boolean process(Map.Entry<String, Holders> entry) {
            Holders holders = valueOf(entry);
            if (holders == null || !holders.remove(holder)) {
                return false;
            }
            if (holders.isEmpty()) {
                remove(entry);
            } else {
                entry.setValue(holders);
            }
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.RELEASE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeString(holder);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            holder = readText(input);
        }
    }

    /** Answers the number of holders. Changes nothing. */
    public static final class Count extends Processor<Holders, Integer> implements ReadOnly {
        @Override
        public Integer process(Map.Entry<String, Holders> entry) {
            Holders holders = valueOf(entry);
            return holders == null ? 0 : holders.count();
        }

        @Override
        @SuppressWarnings("NullAway") // null: backups need not count
        public EntryProcessor<String, Holders, Integer> getBackupProcessor() {
            return null;
        }

        @Override
        public int getClassId() {
            return Factory.COUNT;
        }

        @Override
        void writeFields(ObjectDataOutput output) {}

        @Override
        void readFields(ObjectDataInput input, int version) {}
    }
}
